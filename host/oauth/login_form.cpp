// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/login_form.hpp"

#include "identity/form_guard.hpp"
#include "oauth/authorization.hpp"
#include "oauth/local_path.hpp"
#include "oauth/openid_tenants.hpp"
#include "oauth/pages.hpp"

namespace quell::oauth {
namespace {

constexpr std::string_view kSubject = "login";

// Where a sign-in may lead beyond this host: the verified redirect of the request that waits in `next`, since a
// remembered consent answers it without another page.
std::string form_action(const Services& services, std::string_view next) {
    for (const std::string_view path : {"/oauth/authorize?", "/oauth/mcp/authorize?"}) {
        Authorization waiting;
        if (next.starts_with(path) && !read_request(next.substr(path.size()), waiting) &&
            !check_stored(services, waiting)) {
            return waiting.redirect_uri->form_action_source();
        }
    }
    return {};
}

// The names of other tenants are nobody's business: with several, people say which one is theirs.
LoginPage::Company company_of(const Services& services, const LoginView& view) {
    const std::vector<OpenIdTenant> all = openid_tenants(services);
    LoginPage::Company company{.is_offered = !all.empty(), .must_be_named = all.size() > 1};
    company.label = all.size() == 1 ? all.front().label : "your company";
    company.named = view.company;
    return company;
}

}  // namespace

http::Response login_response(const Services& services, const http::Request& request, const LoginView& view) {
    const identity::GuardedForm form = identity::guard_form(services.cookies, request, kSubject);
    LoginPage login{.status = view.status,
                    .next = view.next,
                    .csrf = form.csrf,
                    .email = view.email,
                    .problem = view.problem,
                    .company = company_of(services, view),
                    .form_action = form_action(services, view.next)};
    http::Response response = render(login);
    if (!form.set_cookie.empty()) {
        response.headers.emplace_back("Set-Cookie", form.set_cookie);
    }
    return response;
}

bool is_genuine_login(const Services& services, const http::Request& request, const Form& form) {
    return identity::is_guarded(services.cookies, request, form.value("csrf"), kSubject);
}

std::string local_or_empty(std::string_view next) {
    return is_local_path(next) ? std::string(next) : std::string();
}

}  // namespace quell::oauth
