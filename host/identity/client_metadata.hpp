// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/clients.hpp"
#include "json/value.hpp"

namespace quell::identity {

// How a client proves itself at the token endpoint.
enum class AuthMethod : std::uint8_t { none, client_secret_post, client_secret_basic, private_key_jwt };

std::string_view to_string(AuthMethod method);
std::optional<AuthMethod> parse_auth_method(std::string_view text);

// What a client says of itself (RFC 7591 2), in a registration or in a document at its own address. Read, but not yet
// believed: where it may lead people is for whoever takes it.
struct ClientMetadata {
    std::string name;  // empty: it gave none
    std::vector<std::string> redirect_uris;
    std::vector<GrantType> grants;
    std::optional<AuthMethod> auth_method;  // none: it did not say
    ScopeSet scopes;
    std::string jwks;              // a JSON Web Key Set as JSON text; empty: none
    std::string application_type;  // web, native, or empty
};

// Reads hostile JSON. Unknown members are passed over (RFC 7591 2). Grant types and scopes that this server does not
// know are narrowed away; scopes left out are all. Refuses, as invalid_client_metadata: a wrong type, no redirect URI,
// more than 20, no grant or response type that is left, an unknown auth method or application_type, a name that
// check_display_name refuses, keys that crypto::KeySet refuses, that are missing or behind a jwks_uri.
Result<ClientMetadata> read_client_metadata(const json::Object& document);

}  // namespace quell::identity
