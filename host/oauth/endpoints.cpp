// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/endpoints.hpp"

#include "oauth/handlers.hpp"
#include "oauth/metadata.hpp"
#include "oauth/pages.hpp"

namespace quell::oauth {
namespace {

constexpr identity::Throttle::Limit kAccountLimit{10, std::chrono::minutes(5)};
constexpr identity::Throttle::Limit kAddressLimit{300, std::chrono::minutes(5)};
constexpr identity::Throttle::Limit kSecretLimit{10, std::chrono::minutes(1)};
constexpr identity::Throttle::Limit kStrangerLimit{60, std::chrono::minutes(1)};

http::Answer answer_later(http::Response response) {
    co_return response;
}

// Made anew each time: what is on offer follows the settings.
http::Response server_document(const Services& services) {
    return http::json(200, authorization_server_document(services.public_url, services.settings()));
}

http::Handler constant(http::Response response) {
    return [response = std::move(response)](const http::Request&) { return answer_later(response); };
}

}  // namespace

Endpoints::Endpoints(const Dependencies& dependencies, std::string public_url)
    : account_throttle_(kAccountLimit),
      address_throttle_(kAddressLimit),
      secret_throttle_(kSecretLimit),
      stranger_throttle_(kStrangerLimit),
      services_{.clients = dependencies.clients,
                .users = dependencies.users,
                .logins = dependencies.logins,
                .tokens = dependencies.tokens,
                .trail = dependencies.trail,
                .account_throttle = account_throttle_,
                .address_throttle = address_throttle_,
                .secret_throttle = secret_throttle_,
                .public_url = public_url,
                .cookies = Cookies(public_url.starts_with("https://")),
                .assertions = dependencies.assertions,
                .stranger_throttle = stranger_throttle_,
                .registration = dependencies.registration,
                .initial_tokens = dependencies.initial_tokens,
                .documents = dependencies.documents,
                .settings = dependencies.settings,
                .openid = dependencies.openid,
                .members = dependencies.members,
                .tenants = dependencies.tenants,
                .proven = dependencies.proven} {}

void Endpoints::add_routes(http::Router& router) const {
    const auto serve = [this](auto* handler) -> http::Handler {
        return [this, handler](const http::Request& request) { return handler(services_, request); };
    };
    router.add("GET", "/oauth/authorize", serve(authorize));
    router.add("POST", "/oauth/consent", serve(consent));
    router.add("GET", "/oauth/login", serve(login_page));
    router.add("POST", "/oauth/login", serve(login));
    router.add("POST", "/oauth/logout", serve(logout));
    router.add("POST", "/oauth/openid/login", serve(openid_login));
    router.add("GET", kOpenIdCallback, serve(openid_callback));
    router.add("POST", "/oauth/token", serve(token));
    // Served for clients that know them, not advertised (INTERFACES.md 5).
    router.add("GET", "/oauth/mcp/authorize", serve(authorize));
    router.add("POST", "/oauth/mcp/token", serve(token));
    router.add("POST", "/oauth/introspect", serve(introspect));
    router.add("POST", "/oauth/revoke", serve(revoke));
    router.add("POST", "/oauth/mcp/introspect", serve(introspect));
    router.add("POST", "/oauth/mcp/revoke", serve(revoke));
    router.add("POST", "/oauth/register", serve(register_client));
    router.add("POST", "/oauth/mcp/register", serve(register_client));
    router.add("GET", "/oauth/style.css", constant(style_sheet()));
    add_documents(router);
}

void Endpoints::add_documents(http::Router& router) const {
    const http::Handler resource = constant(http::json(200, protected_resource_document(services_.public_url)));
    router.add("GET", "/.well-known/oauth-protected-resource", resource);
    router.add("GET", "/.well-known/oauth-protected-resource/mcp", resource);
    const http::Handler server = [this](const http::Request&) { return answer_later(server_document(services_)); };
    for (const std::string_view path :
         {"/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/mcp",
          "/.well-known/openid-configuration", "/.well-known/openid-configuration/mcp",
          "/mcp/.well-known/openid-configuration"}) {
        router.add("GET", path, server);
    }
}

}  // namespace quell::oauth
