// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// POST /oauth/openid/login: from the sign-in page to the provider of the person's tenant.

#include "base/random.hpp"
#include "oauth/attempt_source.hpp"
#include "oauth/handlers.hpp"
#include "oauth/login_form.hpp"
#include "oauth/openid_tenants.hpp"
#include "oauth/pages.hpp"

namespace quell::oauth {
namespace {

// The way back is kept in the store meanwhile.
constexpr std::size_t kLongestNext = 8 * 1024;

// One text whether a tenant exists and has no provider, or is none.
constexpr std::string_view kUnknown =
    "No company sign-in is known for this. Give your work e-mail or your tenant's id, or sign in with a password.";

std::vector<OpenIdTenant> meant(const Services& services, const Form& form) {
    std::vector<OpenIdTenant> found = openid_tenants_meant(services, form.value("company"));
    if (form.has("tenant")) {
        std::erase_if(found, [&](const OpenIdTenant& tenant) { return tenant.id.str() != form.value("tenant"); });
    }
    return found;
}

LoginView view_of(const Form& form) {
    std::string next = local_or_empty(form.value("next"));
    if (next.size() > kLongestNext) {
        next.clear();
    }
    return {.next = std::move(next), .email = {}, .company = std::string(form.value("company"))};
}

http::Response choice(const LoginView& view, const std::vector<OpenIdTenant>& tenants, std::string_view csrf) {
    CompanyChoicePage page{.next = view.next, .csrf = std::string(csrf), .company = view.company};
    for (const OpenIdTenant& tenant : tenants) {
        page.tenants.push_back({tenant.id.str(), tenant.label});
    }
    return render(page);
}

http::Answer leave(const Services& services, const http::Request& request, LoginView view, OpenIdTenant tenant) {
    std::string secret(services.cookies.find(request, kOpenIdCookie));
    if (secret.empty()) {
        secret = random_token();
    }
    const auto email = identity::normal_email(view.company);
    identity::OpenIdWish wish{.tenant = tenant.id, .subject = view.next, .login_hint = email.value_or("")};
    const auto url = co_await services.openid.start(tenant.client, std::move(wish), secret);
    if (!url) {
        view.status = 503;
        view.problem = url.error()->message;
        co_return login_response(services, request, view);
    }
    http::Response response = render(LeavingPage{tenant.label, *url});
    response.headers.emplace_back("Set-Cookie",
                                  services.cookies.set(kOpenIdCookie, secret, identity::kOpenIdAttemptLife));
    co_return response;
}

}  // namespace

http::Answer openid_login(const Services& services, const http::Request& request) {
    const Result<Form> form = Form::parse(request.body);
    if (!form || !is_genuine_login(services, request, *form)) {
        co_return message_page(403, "This form is out of date", "Open the sign-in page again.");
    }
    LoginView view = view_of(*form);
    if (const auto wait = services.stranger_throttle.attempt(attempt_source(request.peer))) {
        view.status = 429;
        view.problem = "Too many attempts. Wait and try again.";
        http::Response response = login_response(services, request, view);
        response.headers.emplace_back("Retry-After", std::to_string(wait->count()));
        co_return response;
    }
    const std::vector<OpenIdTenant> tenants = meant(services, *form);
    if (tenants.size() > 1) {
        co_return choice(view, tenants, form->value("csrf"));
    }
    if (tenants.empty()) {
        view.status = 403;
        view.problem = kUnknown;
        co_return login_response(services, request, view);
    }
    co_return co_await leave(services, request, std::move(view), tenants.front());
}

}  // namespace quell::oauth
