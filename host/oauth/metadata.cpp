// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/metadata.hpp"

#include "crypto/jwk.hpp"
#include "identity/principal.hpp"
#include "json/serialize.hpp"

namespace quell::oauth {
namespace {

// V04. Of the resource exactly these.
json::Array scopes() {
    json::Array names;
    for (const identity::Scope scope : identity::kAllScopes) {
        names.emplace_back(identity::to_string(scope));
    }
    return names;
}

// Clients that look for offline_access before they keep a refresh token find it here, and here alone (MCP 2026-07-28).
json::Array scopes_of_server() {
    json::Array names = scopes();
    names.emplace_back("offline_access");
    return names;
}

// RFC 8414 2: needed beside private_key_jwt.
json::Array algorithms() {
    json::Array names;
    for (const std::string_view name : crypto::kVerifyAlgorithms) {
        names.emplace_back(name);
    }
    return names;
}

}  // namespace

std::string protected_resource_document(std::string_view public_url) {
    const std::string base(public_url);
    const json::Object document = {{"resource", base + "/mcp"},
                                   {"authorization_servers", json::Array{base}},
                                   {"scopes_supported", scopes()},
                                   {"bearer_methods_supported", json::Array{"header"}},
                                   {"resource_name", "Quell"}};
    return json::serialize(document);
}

std::string authorization_server_document(std::string_view public_url, const config::OAuthSettings& settings) {
    const std::string base(public_url);
    json::Object document = {
        {"issuer", base},
        {"authorization_endpoint", base + "/oauth/authorize"},
        {"token_endpoint", base + "/oauth/token"},
        {"scopes_supported", scopes_of_server()},
        {"response_types_supported", json::Array{"code"}},
        {"response_modes_supported", json::Array{"query"}},
        {"grant_types_supported", json::Array{"authorization_code", "refresh_token", "client_credentials"}},
        {"token_endpoint_auth_methods_supported",
         json::Array{"client_secret_post", "client_secret_basic", "private_key_jwt", "none"}},
        {"code_challenge_methods_supported", json::Array{"S256"}},
        {"authorization_response_iss_parameter_supported", true},
        {"introspection_endpoint", base + "/oauth/introspect"},
        {"introspection_endpoint_auth_methods_supported",
         json::Array{"client_secret_post", "client_secret_basic", "private_key_jwt"}},
        {"revocation_endpoint", base + "/oauth/revoke"},
        {"revocation_endpoint_auth_methods_supported",
         json::Array{"client_secret_post", "client_secret_basic", "private_key_jwt", "none"}},
        {"token_endpoint_auth_signing_alg_values_supported", algorithms()},
        {"introspection_endpoint_auth_signing_alg_values_supported", algorithms()},
        {"revocation_endpoint_auth_signing_alg_values_supported", algorithms()}};
    if (settings.registration.enabled) {
        document["registration_endpoint"] = base + "/oauth/register";
    }
    if (settings.metadata_documents.enabled) {
        document["client_id_metadata_document_supported"] = true;
    }
    return json::serialize(document);
}

}  // namespace quell::oauth
