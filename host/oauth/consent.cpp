// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <algorithm>

#include "oauth/consent_page.hpp"
#include "oauth/handlers.hpp"
#include "oauth/pages.hpp"

namespace quell::oauth {
namespace {

http::Response stale_form() {
    return message_page(403, "This form is out of date", "Go back to the client and start again.");
}

// OA-23: the form was made for this login and this very request.
bool is_genuine(const std::optional<identity::Login>& login, const Form& form) {
    return login && login->accepts_csrf_token(form.value("csrf"), consent_subject(form.value("request")));
}

const Choice* chosen(const std::vector<Choice>& choices, std::string_view tenant) {
    const auto found = std::find_if(choices.begin(), choices.end(),
                                    [&](const Choice& choice) { return choice.tenant.str() == tenant; });
    return found == choices.end() ? nullptr : &*found;
}

http::Answer allow(const Services& services, const http::Request& request, const Authorization& authorization,
                   const identity::Login& login, const Choice& choice) {
    identity::Approval approval = make_approval(authorization, login, choice);
    const Result<std::string> code = co_await services.tokens.approve(std::move(approval));
    co_return code ? answer_with_code(services, request, authorization, *code)
                   : refuse(services, request, authorization, to_oauth(code.error()));
}

}  // namespace

http::Answer consent(const Services& services, const http::Request& request) {
    const Result<Form> form = Form::parse(request.body);
    const auto login = current_login(services, request);
    if (!form || !login || !is_genuine(*login, *form)) {
        co_return stale_form();
    }
    // The request comes back from the browser, so all its checks run again.
    Authorization authorization;
    if (const Refusal refusal = read_request(form->value("request"), authorization)) {
        co_return refuse(services, request, authorization, *refusal);
    }
    if (const Refusal refusal = co_await check_authorization(services, request.peer, authorization)) {
        co_return refuse(services, request, authorization, *refusal);
    }
    const auto possible = grantable(services, authorization, **login);
    if (const auto* refusal = std::get_if<OAuthError>(&possible)) {
        co_return refuse(services, request, authorization, *refusal);
    }
    if (form->value("decision") != "allow") {
        const OAuthError denied{ErrorCode::access_denied, "The person did not allow this."};
        co_return refuse(services, request, authorization, denied);
    }
    const Choice* choice = chosen(std::get<std::vector<Choice>>(possible), form->value("tenant"));
    if (choice == nullptr) {
        co_return message_page(400, "Choose a tenant", "Go back and choose the tenant that the client may act in.");
    }
    co_return co_await allow(services, request, authorization, **login, *choice);
}

}  // namespace quell::oauth
