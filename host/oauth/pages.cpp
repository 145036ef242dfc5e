// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/pages.hpp"

#include <kainjow/mustache.hpp>

#include "oauth/templates.hpp"

namespace quell::oauth {
namespace {

namespace mustache = kainjow::mustache;
using mustache::data;

std::string policy(std::string_view form_action) {
    std::string out =
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
    if (!form_action.empty()) {
        out += ' ';
        out += form_action;
    }
    return out;
}

http::Response page(unsigned status, std::string_view template_text, data values, std::string_view form_action) {
    values.set("head", data(mustache::partial([] { return std::string(embedded::oauth_head); })));
    values.set("foot", data(mustache::partial([] { return std::string(embedded::oauth_foot); })));
    mustache::mustache renderer{std::string(template_text)};
    http::Response response;
    response.status = status;
    response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                        {"Content-Security-Policy", policy(form_action)},
                        {"X-Frame-Options", "DENY"},
                        {"Referrer-Policy", "no-referrer"},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Cache-Control", "no-store"}};
    response.body = renderer.render(values);
    return response;
}

data scope_list(const std::vector<ConsentPage::Scope>& scopes) {
    data list(data::type::list);
    for (const auto& scope : scopes) {
        data item;
        item.set("name", scope.name);
        item.set("meaning", scope.meaning);
        list << item;
    }
    return list;
}

data tenant_list(const std::vector<ConsentPage::Tenant>& tenants) {
    data list(data::type::list);
    for (const auto& tenant : tenants) {
        data item;
        item.set("id", tenant.id);
        item.set("role", tenant.role);
        list << item;
    }
    return list;
}

}  // namespace

http::Response render(const LoginPage& login) {
    data values;
    values.set("title", "Sign in");
    values.set("next", login.next);
    values.set("csrf", login.csrf);
    values.set("email", login.email);
    values.set("has_problem", !login.problem.empty());
    values.set("problem", login.problem);
    return page(login.status, embedded::oauth_login, std::move(values), login.form_action);
}

http::Response render(const ConsentPage& consent) {
    data values;
    values.set("title", "Allow access");
    values.set("client_name", consent.client_name);
    values.set("redirect_host", consent.redirect_host);
    values.set("user", consent.user);
    values.set("scopes", scope_list(consent.scopes));
    values.set("must_choose", consent.tenants.size() > 1);
    values.set("tenants", tenant_list(consent.tenants));
    values.set("on_this_machine", consent.on_this_machine);
    values.set("is_new", consent.is_new);
    values.set("is_unchecked", consent.is_unchecked);
    values.set("is_described", !consent.described_at.empty());
    values.set("described_at", consent.described_at);
    values.set("request", consent.request);
    values.set("csrf", consent.csrf);
    return page(200, embedded::oauth_consent, std::move(values), consent.form_action);
}

http::Response render(const AccountPage& account) {
    data values;
    values.set("title", "Signed in");
    values.set("user", account.user);
    values.set("csrf", account.csrf);
    return page(200, embedded::oauth_account, std::move(values), "");
}

http::Response message_page(unsigned status, std::string_view title, std::string_view text) {
    data values;
    values.set("title", std::string(title));
    values.set("text", std::string(text));
    return page(status, embedded::oauth_message, std::move(values), "");
}

http::Response style_sheet() {
    http::Response response;
    response.headers = {{"Content-Type", "text/css; charset=utf-8"},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Cache-Control", "public, max-age=3600"}};
    response.body = embedded::oauth_style;
    return response;
}

}  // namespace quell::oauth
