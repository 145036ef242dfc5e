// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <array>

#include "oauth/client_authentication.hpp"
#include "oauth/consented_client.hpp"
#include "oauth/handlers.hpp"
#include "oauth/json_answer.hpp"

namespace quell::oauth {
namespace {

using identity::GrantType;
using identity::IssuedTokens;

std::optional<std::string> optional_scope(const Form& form) {
    return form.has("scope") ? std::optional(std::string(form.value("scope"))) : std::nullopt;
}

base::Task<IssuedTokens> by_code(const Services& services, identity::Client client, const Form& form) {
    return services.tokens.redeem(std::move(client), std::string(form.value("code")),
                                  std::string(form.value("redirect_uri")), std::string(form.value("code_verifier")));
}

base::Task<IssuedTokens> by_refresh_token(const Services& services, identity::Client client, const Form& form) {
    return services.tokens.refresh(std::move(client), std::string(form.value("refresh_token")), optional_scope(form));
}

base::Task<IssuedTokens> by_client(const Services& services, identity::Client client, const Form& form) {
    return services.tokens.client_credentials(std::move(client), optional_scope(form));
}

// Grant type x the parameter it cannot do without x what answers it.
struct Grant {
    GrantType type;
    std::string_view needs;
    base::Task<IssuedTokens> (*answer)(const Services&, identity::Client, const Form&);
};
constexpr std::array<Grant, 3> kGrants = {{{GrantType::authorization_code, "code", by_code},
                                           {GrantType::refresh_token, "refresh_token", by_refresh_token},
                                           {GrantType::client_credentials, "grant_type", by_client}}};

const Grant* find_grant(std::string_view name) {
    for (const Grant& grant : kGrants) {
        if (identity::to_string(grant.type) == name) {
            return &grant;
        }
    }
    return nullptr;
}

Refusal check_form(const Services& services, const Form& form) {
    if (!form.has("grant_type")) {
        return OAuthError{ErrorCode::invalid_request, "The parameter grant_type is needed."};
    }
    const Grant* grant = find_grant(form.value("grant_type"));
    if (grant == nullptr) {
        return OAuthError{ErrorCode::unsupported_grant_type, "This grant_type is not supported."};
    }
    if (!form.has(grant->needs)) {
        return OAuthError{ErrorCode::invalid_request, "The parameter " + std::string(grant->needs) + " is needed."};
    }
    if (form.has("resource") && form.value("resource") != services.tokens.audience()) {
        return OAuthError{ErrorCode::invalid_target, "The resource is not " + services.tokens.audience() + "."};
    }
    return std::nullopt;
}

base::Task<identity::Client> identify(const Services& services, const http::Request& request, const Form& form) {
    if (names_no_client(request, form)) {
        co_return consented_client(services, form);
    }
    co_return co_await authenticate_client(services, request, form);
}

http::Response issued(const IssuedTokens& tokens) {
    json::Object document = {{"access_token", tokens.access_token},
                             {"token_type", "Bearer"},
                             {"expires_in", tokens.expires_in.count()},
                             {"scope", tokens.scopes.to_string()}};
    if (!tokens.refresh_token.empty()) {
        document["refresh_token"] = tokens.refresh_token;
    }
    return json_answer(200, document);
}

}  // namespace

http::Answer token(const Services& services, const http::Request& request) {
    const Result<Form> form = read_form(request);
    if (!form) {
        co_return refused(request, to_oauth(form.error()));
    }
    if (const Refusal refusal = check_form(services, *form)) {
        co_return refused(request, *refusal);
    }
    Result<identity::Client> client = co_await identify(services, request, *form);
    if (!client) {
        co_return refused(request, to_oauth(client.error()));
    }
    const Grant* grant = find_grant(form->value("grant_type"));
    if (!client->may_use(grant->type)) {
        co_return refused(request, {ErrorCode::unauthorized_client, "This client may not use this grant_type."});
    }
    const Result<IssuedTokens> tokens = co_await grant->answer(services, *std::move(client), *form);
    co_return tokens ? issued(*tokens) : refused(request, to_oauth(tokens.error()));
}

}  // namespace quell::oauth
