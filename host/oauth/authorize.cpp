// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/encoding.hpp"
#include "oauth/consent_page.hpp"
#include "oauth/find_client.hpp"
#include "oauth/handlers.hpp"
#include "oauth/redirect.hpp"

namespace quell::oauth {
namespace {

http::Response to_login(const http::Request& request) {
    const std::string next = std::string(request.path) + "?" + std::string(request.query);
    return redirect(302, "/oauth/login?next=" + percent_encode(next));
}

// RFC 8252 8.6, RFC 6749 10.2: nobody's word proves that a public client on this machine or behind a custom scheme
// is the one that was allowed before, so a person is asked each time. An https origin or a secret is proof.
bool can_prove_itself(const Authorization& authorization) {
    return authorization.client->confidential || !authorization.redirect_uri->leads_to_this_machine();
}

// Everybody may pose as the shared client, and a new one is met for the first time (OA-30).
bool must_ask(const Authorization& authorization) {
    return authorization.is_new_client || authorization.client->kind == identity::ClientKind::shared ||
           !can_prove_itself(authorization) || authorization.parameters.value("prompt") == "consent";
}

Result<bool> may_skip_consent(const Services& services, const Authorization& authorization,
                              const std::vector<Choice>& choices, const identity::Login& login) {
    if (choices.size() != 1 || must_ask(authorization)) {
        return false;
    }
    return services.tokens.remembers(make_approval(authorization, login, choices.front()));
}

http::Answer answer_without_page(const Services& services, const http::Request& request,
                                 const Authorization& authorization, identity::Approval approval) {
    const Result<std::string> code = co_await services.tokens.issue_code(std::move(approval));
    co_return code ? answer_with_code(services, request, authorization, *code)
                   : refuse(services, request, authorization, to_oauth(code.error()));
}

}  // namespace

http::Answer authorize(const Services& services, const http::Request& request) {
    Authorization authorization;
    if (const Refusal refusal = read_request(request.query, authorization)) {
        co_return refuse(services, request, authorization, *refusal);
    }
    const auto login = current_login(services, request);
    if (!login) {
        co_return refuse(services, request, authorization, to_oauth(login.error()));
    }
    if (!*login && is_described_elsewhere(authorization)) {
        co_return to_login(request);
    }
    if (const Refusal refusal = co_await check_authorization(services, request.peer, authorization)) {
        co_return refuse(services, request, authorization, *refusal);
    }
    if (!*login) {
        co_return to_login(request);
    }
    const auto possible = grantable(services, authorization, **login);
    if (const auto* refusal = std::get_if<OAuthError>(&possible)) {
        co_return refuse(services, request, authorization, *refusal);
    }
    const auto& choices = std::get<std::vector<Choice>>(possible);
    const auto skip = may_skip_consent(services, authorization, choices, **login);
    if (skip && *skip) {
        auto approval = make_approval(authorization, **login, choices.front());
        co_return co_await answer_without_page(services, request, authorization, std::move(approval));
    }
    co_return consent_page(authorization, **login, choices, request.query);
}

}  // namespace quell::oauth
