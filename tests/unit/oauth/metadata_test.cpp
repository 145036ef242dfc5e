// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/metadata.hpp"

#include <gtest/gtest.h>

#include "oauth/browser.hpp"

namespace quell::oauth {
namespace {

constexpr std::string_view kResourceDocument =
    R"({"resource":"https://quell.example/mcp","authorization_servers":["https://quell.example"],)"
    R"("scopes_supported":["challenges:create","challenges:read","sessions:revoke","devices:contain",)"
    R"("mcp:read","mcp:access","mcp:approve","secrets:read","secrets:write","secrets:delete","audit:read","audit:export","admin:*"],)"
    R"("bearer_methods_supported":["header"],"resource_name":"Quell"})";

constexpr std::string_view kServerDocument =
    R"({"issuer":"https://quell.example","authorization_endpoint":"https://quell.example/oauth/authorize",)"
    R"("token_endpoint":"https://quell.example/oauth/token",)"
    R"("scopes_supported":["challenges:create","challenges:read","sessions:revoke","devices:contain",)"
    R"("mcp:read","mcp:access","mcp:approve","secrets:read","secrets:write","secrets:delete","audit:read","audit:export","admin:*","offline_access"],)"
    R"("response_types_supported":["code"],"response_modes_supported":["query"],)"
    R"("grant_types_supported":["authorization_code","refresh_token","client_credentials"],)"
    R"("token_endpoint_auth_methods_supported":["client_secret_post","client_secret_basic","private_key_jwt","none"],)"
    R"("code_challenge_methods_supported":["S256"],"authorization_response_iss_parameter_supported":true,)"
    R"("introspection_endpoint":"https://quell.example/oauth/introspect",)"
    R"("introspection_endpoint_auth_methods_supported":["client_secret_post","client_secret_basic","private_key_jwt"],)"
    R"("revocation_endpoint":"https://quell.example/oauth/revoke",)"
    R"("revocation_endpoint_auth_methods_supported":["client_secret_post","client_secret_basic","private_key_jwt","none"],)"
    R"("token_endpoint_auth_signing_alg_values_supported":["RS256","PS256","ES256","EdDSA","Ed25519"],)"
    R"("introspection_endpoint_auth_signing_alg_values_supported":["RS256","PS256","ES256","EdDSA","Ed25519"],)"
    R"("revocation_endpoint_auth_signing_alg_values_supported":["RS256","PS256","ES256","EdDSA","Ed25519"],)"
    R"("registration_endpoint":"https://quell.example/oauth/register",)"
    R"("client_id_metadata_document_supported":true})";

// DC-01
// E04
// V04
TEST(Metadata, DescribesTheResourceAtBothAddresses) {
    Browser browser;

    for (const std::string_view path :
         {"/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"}) {
        const http::Response response = browser.get(path);
        EXPECT_EQ(response.status, 200U);
        EXPECT_EQ(header(response, "Content-Type"), "application/json");
        EXPECT_EQ(response.body, kResourceDocument);
    }
}

// DC-02
// E05
// V23
// OA-14
TEST(Metadata, DescribesTheServerAtAllAddresses) {
    Browser browser;

    for (const std::string_view path :
         {"/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/mcp",
          "/.well-known/openid-configuration", "/.well-known/openid-configuration/mcp"}) {
        EXPECT_EQ(browser.get(path).body, kServerDocument);
    }
}

// DC-06
TEST(Metadata, IgnoresAForgedHost) {
    Browser browser;
    browser.forged_host = "evil.example";

    EXPECT_EQ(browser.get("/.well-known/oauth-protected-resource").body, kResourceDocument);
    EXPECT_EQ(browser.get("/.well-known/oauth-authorization-server").body, kServerDocument);
}

}  // namespace
}  // namespace quell::oauth
