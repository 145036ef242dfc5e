// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/log.hpp"
#include "json/value.hpp"
#include "identity/form_guard.hpp"
#include "oauth/attempt_source.hpp"
#include "oauth/handlers.hpp"
#include "oauth/login_form.hpp"
#include "oauth/pages.hpp"
#include "oauth/redirect.hpp"

namespace quell::oauth {
namespace {

// One text for every failure, whether the user exists or not (OA-31).
constexpr std::string_view kWrong = "The e-mail or the password is wrong.";

struct Attempt {
    std::string next;
    std::string email;
    std::string key;  // of the throttle for this account
};

http::Response page(const Services& services, const http::Request& request, const Attempt& attempt, unsigned status,
                    std::string_view problem) {
    return login_response(services, request,
                          {.next = attempt.next,
                           .email = attempt.email,
                           .company = {},
                           .status = status,
                           .problem = std::string(problem)});
}

http::Response wait_page(const Services& services, const http::Request& request, const Attempt& attempt,
                         std::chrono::seconds wait) {
    http::Response response = page(services, request, attempt, 429, "Too many attempts. Wait and try again.");
    response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
    return response;
}

void record_failure(const Services& services, const http::Request& request, const Attempt& attempt) {
    static_cast<void>(services.address_throttle.attempt(attempt_source(request.peer)));
    // What is no e-mail is not written down: people type passwords into the wrong field.
    const auto email = identity::normal_email(attempt.email);
    json::Object detail = {{"email", email ? *email : std::string()}, {"peer", request.peer}};
    const auto queued = services.trail.append_later({.tenant = {},
                                                     .event = "login_failed",
                                                     .actor = "anonymous",
                                                     .request_id = {},
                                                     .outcome = "refused",
                                                     .detail = std::move(detail)});
    if (!queued) {
        log::warn("login_failure_not_recorded", {{"reason", queued.error()->detail}});
    }
}

http::Answer sign_in(const Services& services, const http::Request& request, const Attempt& attempt,
                     identity::User user) {
    services.account_throttle.forgive(attempt.key);
    const std::string previous(services.cookies.find(request, kSessionCookie));
    const Result<std::string> id = co_await services.logins.start(std::move(user), previous);
    if (!id) {
        co_return page(services, request, attempt, 503, "The host cannot sign you in now. Try again.");
    }
    http::Response response = redirect(303, attempt.next.empty() ? "/oauth/login" : attempt.next);
    response.headers.emplace_back("Set-Cookie", services.cookies.set(kSessionCookie, *id, identity::kLoginLife));
    response.headers.emplace_back("Set-Cookie", identity::end_form_guard(services.cookies));
    co_return response;
}

}  // namespace

http::Answer login_page(const Services& services, const http::Request& request) {
    const Result<Form> form = Form::parse(request.query);
    const Attempt attempt{.next = form ? local_or_empty(form->value("next")) : "", .email = {}, .key = {}};
    const auto login = current_login(services, request);
    if (!login || !*login) {
        co_return page(services, request, attempt, 200, "");
    }
    if (!attempt.next.empty()) {
        co_return redirect(302, attempt.next);
    }
    co_return render(AccountPage{(*login)->user.email, (*login)->csrf_token("logout")});
}

http::Answer login(const Services& services, const http::Request& request) {
    const Result<Form> form = Form::parse(request.body);
    if (!form || !is_genuine_login(services, request, *form)) {
        co_return message_page(403, "This form is out of date", "Open the sign-in page again.");
    }
    const std::string email(form->value("email"));
    const Attempt attempt{.next = local_or_empty(form->value("next")),
                          .email = email,
                          .key = attempt_source(request.peer) + "\n" + identity::normal_email(email).value_or(email)};
    auto wait = services.address_throttle.blocked(attempt_source(request.peer));
    if (!wait) {
        wait = services.account_throttle.attempt(attempt.key);
    }
    if (wait) {
        co_return wait_page(services, request, attempt, *wait);
    }
    SecretString password{std::string(form->value("password"))};
    const auto user = co_await services.users.authenticate(email, std::move(password));
    if (!user) {
        co_return wait_page(services, request, attempt, std::chrono::seconds(2));
    }
    if (!*user) {
        record_failure(services, request, attempt);
        co_return page(services, request, attempt, 403, kWrong);
    }
    co_return co_await sign_in(services, request, attempt, **user);
}

http::Answer logout(const Services& services, const http::Request& request) {
    const Result<Form> form = Form::parse(request.body);
    const auto login = current_login(services, request);
    const bool genuine = form && login && *login && (*login)->accepts_csrf_token(form->value("csrf"), "logout");
    if (!genuine) {
        co_return message_page(403, "This form is out of date", "Open the page again.");
    }
    const std::string id(services.cookies.find(request, kSessionCookie));
    identity::User user = (*login)->user;
    const Result<void> ended = co_await services.logins.end(id, std::move(user));
    if (!ended) {
        co_return message_page(503, "You are still signed in", "The host cannot end your session now. Try again.");
    }
    http::Response response = redirect(303, "/oauth/login");
    response.headers.emplace_back("Set-Cookie", services.cookies.clear(kSessionCookie));
    co_return response;
}

}  // namespace quell::oauth
