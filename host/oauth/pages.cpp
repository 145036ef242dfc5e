// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/pages.hpp"

#include <kainjow/mustache.hpp>

#include "http/page.hpp"
#include "oauth/templates.hpp"

namespace quell::oauth {
namespace {

namespace mustache = kainjow::mustache;
using mustache::data;

http::Response page(unsigned status, std::string_view template_text, data values, std::string_view form_action) {
    values.set("head", data(mustache::partial([] { return std::string(embedded::oauth_head); })));
    values.set("foot", data(mustache::partial([] { return std::string(embedded::oauth_foot); })));
    mustache::mustache renderer{std::string(template_text)};
    return http::page(status, renderer.render(values), form_action);
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
    values.set("has_company", login.company.is_offered);
    values.set("must_be_named", login.company.must_be_named);
    values.set("company", login.company.named);
    values.set("company_label", login.company.label);
    return page(login.status, embedded::oauth_login, std::move(values), login.form_action);
}

http::Response render(const CompanyChoicePage& choice) {
    data tenants(data::type::list);
    for (const auto& tenant : choice.tenants) {
        data item;
        item.set("id", tenant.id);
        item.set("label", tenant.label);
        tenants << item;
    }
    data values;
    values.set("title", "Which tenant?");
    values.set("next", choice.next);
    values.set("csrf", choice.csrf);
    values.set("company", choice.company);
    values.set("tenants", tenants);
    return page(200, embedded::oauth_company_choice, std::move(values), "");
}

http::Response render(const LeavingPage& leaving) {
    data values;
    values.set("title", "Sign in");
    values.set("label", leaving.label);
    values.set("url", leaving.url);
    values.set("refresh", leaving.url);
    return page(200, embedded::oauth_leaving, std::move(values), "");
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
