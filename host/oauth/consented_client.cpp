// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/consented_client.hpp"

namespace quell::oauth {

bool names_no_client(const http::Request& request, const Form& form) {
    const bool has_proof = request.count("authorization") > 0 || form.has("client_secret") ||
                           form.has("client_assertion") || form.has("client_assertion_type");
    return !has_proof && (!form.has("client_id") || form.value("client_id") == kDynamic);
}

Result<identity::Client> consented_client(const Services& services, const Form& form) {
    TRY(auto client, form.value("grant_type") == "refresh_token"
                         ? services.tokens.consented_client_of_refresh_token(form.value("refresh_token"))
                         : services.tokens.consented_client_of_code(form.value("code")));
    if (!client) {
        return Error(Code::unauthenticated, "invalid_client", "The client has to authenticate.");
    }
    return *std::move(client);
}

}  // namespace quell::oauth
