// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/challenge.hpp"

namespace quell::identity {

std::string bearer_challenge(std::string_view public_url, std::string_view scope) {
    std::string out = R"(Bearer realm="mcp", resource_metadata=")";
    out += public_url;
    out += R"(/.well-known/oauth-protected-resource")";
    if (!scope.empty()) {
        out += R"(, scope=")";
        out += scope;
        out += '"';
    }
    return out;
}

std::string invalid_token_challenge(std::string_view public_url, std::string_view scope) {
    return bearer_challenge(public_url, scope) +
           R"(, error="invalid_token", error_description="Invalid or expired token")";
}

std::string insufficient_scope_challenge(std::string_view public_url, std::string_view scope) {
    return bearer_challenge(public_url, scope) +
           R"(, error="insufficient_scope", error_description="The token lacks a scope that this needs")";
}

}  // namespace quell::identity
