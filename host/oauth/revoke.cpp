// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/client_authentication.hpp"
#include "oauth/handlers.hpp"
#include "oauth/json_answer.hpp"

namespace quell::oauth {

// RFC 7009 2.2: 200 whether or not there was such a token, since it is gone either way. Another client's token is
// as good as unknown and stays (OA-19).
http::Answer revoke(const Services& services, const http::Request& request) {
    const Result<Form> form = read_form(request);
    if (!form) {
        co_return refused(request, to_oauth(form.error()));
    }
    Result<identity::Client> client = co_await authenticate_client(services, request, *form);
    if (!client) {
        co_return refused(request, to_oauth(client.error()));
    }
    if (!form->has("token")) {
        co_return refused(request, {ErrorCode::invalid_request, "The parameter token is needed."});
    }
    std::string token(form->value("token"));
    const Result<void> revoked = co_await services.tokens.revoke(*std::move(client), std::move(token));
    co_return revoked ? json_answer(200, {}) : refused(request, to_oauth(revoked.error()));
}

}  // namespace quell::oauth
