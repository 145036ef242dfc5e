// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "http/router.hpp"
#include "identity/temporary_host.hpp"
#include "json/parse.hpp"
#include "oauth/endpoints.hpp"
#include "oauth/form.hpp"

namespace quell::oauth {

using Fields = std::vector<std::pair<std::string, std::string>>;

inline std::string encode(const Fields& fields) {
    std::string out;
    for (const auto& [name, value] : fields) {
        out += (out.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
    }
    return out;
}

inline std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

// The parameter of a Location, decoded.
inline std::string parameter(const http::Response& response, std::string_view name) {
    const std::string location = header(response, "Location");
    const auto form = Form::parse(std::string_view(location).substr(std::min(location.find('?') + 1, location.size())));
    return form ? std::string(form->value(name)) : "malformed";
}

// The value of a hidden field, with the entities that the pages use undone.
inline std::string hidden_field(std::string_view page, const std::string& name) {
    const std::string start = "name=\"" + name + "\" value=\"";
    const std::size_t begin = page.find(start);
    if (begin == std::string_view::npos) {
        return "absent";
    }
    page.remove_prefix(begin + start.size());
    std::string value(page.substr(0, page.find('"')));
    for (std::size_t at = value.find("&amp;"); at != std::string::npos; at = value.find("&amp;", at + 1)) {
        value.replace(at, 5, "&");
    }
    return value;
}

inline json::Object document(const http::Response& response) {
    const auto value = json::parse(response.body);
    return value && value->is_object() ? value->as_object() : json::Object();
}

inline std::string text(const json::Object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

// Stands for everybody's web servers: one answer, to whatever address.
struct DocumentServer {
    egress::HttpResponse response{.status = 404};
    int asked = 0;

    // Instead, if it is set: an answer for each request.
    std::function<egress::HttpResponse(const egress::HttpRequest&)> respond;

    base::Task<egress::HttpResponse> answer(egress::Url) {
        ++asked;
        co_return response;
    }
    base::Task<egress::HttpResponse> answer_request(egress::HttpRequest request) {
        ++asked;
        co_return respond ? respond(request) : response;
    }
};

// The endpoints over a temporary host, as one browser or client at one address sees them.
class Browser {
  public:
    explicit Browser(std::string public_url = std::string(identity::kPublicUrl))
        : host(public_url),
          endpoints({.clients = host.clients,
                     .users = host.users,
                     .logins = host.logins,
                     .tokens = host.tokens,
                     .trail = host.trail,
                     .assertions = host.assertions,
                     .registration = host.registration,
                     .initial_tokens = host.initial_tokens,
                     .documents = documents,
                     .settings = [this] { return settings; },
                     .openid = openid,
                     .members = members,
                     .tenants = [this] { return std::shared_ptr<const TenantMap>(&tenants, [](const auto*) {}); }},
                    public_url) {
        endpoints.add_routes(router);
    }

    http::Response get(std::string_view path, std::string_view query = {}) { return send("GET", path, query, {}); }
    http::Response post(std::string_view path, const Fields& fields, std::string authorization = {}) {
        return send("POST", path, {}, encode(fields), "application/x-www-form-urlencoded", std::move(authorization));
    }
    http::Response send(std::string_view method, std::string_view path, std::string_view query, std::string_view body,
                        std::string_view content_type = {}, std::string authorization = {}) {
        const std::string cookie_header = join_cookies();
        http::Request request;
        request.method = method;
        request.path = path;
        request.query = query;
        request.body = body;
        request.peer = peer;
        for (const http::Header& given : {http::Header{"Host", forged_host}, http::Header{"Cookie", cookie_header},
                                          http::Header{"Content-Type", content_type},
                                          http::Header{"Authorization", authorization}}) {
            if (!given.value.empty()) {
                request.headers.push_back(given);
            }
        }
        http::Response response = host.run(router.route(request));
        keep_cookies(response);
        return response;
    }

    // Through the login page, as a person would.
    http::Response sign_in(const std::string& email, const std::string& password = std::string(identity::kPassword),
                           const std::string& next = {}) {
        const http::Response page = get("/oauth/login", encode({{"next", next}}));
        return post("/oauth/login", {{"csrf", hidden_field(page.body, "csrf")},
                                     {"next", hidden_field(page.body, "next")},
                                     {"email", email},
                                     {"password", password}});
    }

    Fields authorize_fields(const identity::Client& client) const {
        return {{"response_type", "code"},
                {"client_id", client.id.str()},
                {"redirect_uri", client.redirect_uris.front().text()},
                {"scope", "challenges:create challenges:read sessions:revoke devices:contain"},
                {"state", "state with & and ="},
                {"code_challenge", std::string(identity::kChallenge)},
                {"code_challenge_method", "S256"},
                {"resource", "https://quell.example/mcp"}};
    }
    http::Response authorize(const Fields& fields) { return get("/oauth/authorize", encode(fields)); }

    http::Response decide(const http::Response& page, const std::string& decision, const std::string& tenant = "acme") {
        return post("/oauth/consent", {{"csrf", hidden_field(page.body, "csrf")},
                                       {"request", hidden_field(page.body, "request")},
                                       {"tenant", tenant},
                                       {"decision", decision}});
    }

    Fields code_fields(const identity::CreatedClient& created, const std::string& code) const {
        return {{"grant_type", "authorization_code"},
                {"client_id", created.client.id.str()},
                {"client_secret", std::string(created.secret.reveal())},
                {"code", code},
                {"redirect_uri", created.client.redirect_uris.front().text()},
                {"code_verifier", std::string(identity::kVerifier)}};
    }

    identity::TemporaryHost host;
    config::OAuthSettings settings;
    DocumentServer web;
    identity::MetadataDocuments documents{[this](egress::Url url, bool) { return web.answer(std::move(url)); },
                                          host.clock_of_test()};
    TenantMap tenants;
    identity::OpenIdProviders providers{
        [this](egress::HttpRequest request, bool) { return web.answer_request(std::move(request)); },
        host.clock_of_test()};
    identity::OpenIdSignIn openid{*host.store, providers, identity::kPublicUrl, host.clock_of_test()};
    identity::OpenIdMembers members{*host.store, host.trail, host.clock, host.clock_of_test()};
    http::Router router;
    Endpoints endpoints;
    std::map<std::string, std::string> cookies;
    std::vector<std::string> set_cookies;  // of the last answer, as they came
    std::string peer = "192.0.2.1";
    std::string forged_host = "quell.example";

  private:
    std::string join_cookies() const {
        std::string out;
        for (const auto& [name, value] : cookies) {
            out += (out.empty() ? "" : "; ") + name + "=" + value;
        }
        return out;
    }
    void keep_cookies(const http::Response& response) {
        set_cookies.clear();
        for (const auto& [name, value] : response.headers) {
            if (name != "Set-Cookie") {
                continue;
            }
            set_cookies.push_back(value);
            const std::size_t equals = value.find('=');
            const std::string content = value.substr(equals + 1, value.find(';') - equals - 1);
            if (content.empty()) {
                cookies.erase(value.substr(0, equals));
            } else {
                cookies[value.substr(0, equals)] = content;
            }
        }
    }
};

// `fields` with one replaced, or removed if the value is empty.
inline Fields with(Fields fields, const std::string& name, const std::string& value) {
    std::erase_if(fields, [&](const auto& field) { return field.first == name; });
    if (!value.empty()) {
        fields.emplace_back(name, value);
    }
    return fields;
}

}  // namespace quell::oauth
