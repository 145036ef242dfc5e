// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/client_authentication.hpp"
#include "oauth/handlers.hpp"
#include "oauth/json_answer.hpp"

namespace quell::oauth {
namespace {

using identity::TokenFacts;

// RFC 7662 2.2.
json::Object describe(const Services& services, const TokenFacts& token) {
    json::Object document = {{"active", true},
                             {"scope", token.scopes.to_string()},
                             {"client_id", token.client.str()},
                             {"exp", unix_millis(token.expires_at) / 1000},
                             {"iat", unix_millis(token.created_at) / 1000},
                             {"sub", token.subject},
                             {"aud", services.tokens.audience()},
                             {"iss", services.public_url}};
    if (token.is_access_token) {
        document["token_type"] = "Bearer";
    }
    if (!token.username.empty()) {
        document["username"] = token.username;
    }
    return document;
}

}  // namespace

http::Answer introspect(const Services& services, const http::Request& request) {
    const Result<Form> form = read_form(request);
    if (!form) {
        co_return refused(request, to_oauth(form.error()));
    }
    const Result<identity::Client> client = co_await authenticate_client(services, request, *form);
    if (!client) {
        co_return refused(request, to_oauth(client.error()));
    }
    // RFC 7662 2.1: whoever asks has to prove itself, which a public client cannot (OA-20).
    if (!client->confidential) {
        co_return refused(request, {ErrorCode::invalid_client, "A public client may not introspect tokens."});
    }
    if (!form->has("token")) {
        co_return refused(request, {ErrorCode::invalid_request, "The parameter token is needed."});
    }
    const auto facts = services.tokens.introspect(*client, form->value("token"));
    if (!facts) {
        co_return refused(request, to_oauth(facts.error()));
    }
    // Nothing else may tell a dead token from an unknown one or from another client's (OA-20).
    co_return json_answer(200, *facts ? describe(services, **facts) : json::Object{{"active", false}});
}

}  // namespace quell::oauth
