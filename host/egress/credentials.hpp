// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "crypto/jose.hpp"
#include "egress/setting_template.hpp"
#include "egress/url.hpp"

namespace quell::egress {

// A header with a value that never changes: bearer, basic and header profiles.
struct FixedHeader {
    std::string name;  // as sent
    SecretString value;
};

// The clouds of a provider whose token answer says in which of them the client is at home (PROVIDERS.md 4). The
// answer only chooses: the addresses are the manifest's.
struct Regions {
    std::string header;                              // lower case
    std::map<std::string, Url, std::less<>> clouds;  // by the header's value
    std::string revoke_path;                         // RFC 7009, with HTTP Basic
};

// How a token endpoint is asked (RFC 6749 4.4).
struct TokenGrant {
    Url token_url;
    std::string audience;  // the token URL as written, which a client assertion must name
    std::string client_id;
    std::string scope;
    // The client's proof: its secret in the form, or a signed assertion (RFC 7523).
    std::variant<SecretString, crypto::PrivateKey> proof;
    std::string key_id;
    std::vector<std::pair<std::string, std::string>>
        form{};  // further fields, as the provider wants
    std::optional<Regions> regions{};  // then token_url is only where they are asked for
    // The settings this was made from, so that a refusal can say what to look at.
    std::vector<std::string> setting_names;
};

// How a provider's own login is asked for a session token: a JSON document is posted, the answer holds the token.
struct TokenLogin {
    struct Member {
        std::string name;
        SecretString value;
        SecretSource source{};  // then the value is read anew for each login
    };
    Url url;
    std::vector<Member> body;
    std::vector<std::pair<std::string, std::string>> headers;  // of every request for the token
    std::string token_pointer;                                 // JSON pointers into the answer
    std::string lifetime_pointer;
    std::string header;             // that carries the token
    std::optional<Url> renew_url{};  // POST with the token: it lives on
    std::optional<Url> check_url{};  // GET with the token: 401 or 403 if it is dead
    std::vector<std::string> setting_names{};
};

using CredentialProfile = std::variant<FixedHeader, TokenGrant, TokenLogin>;
using CredentialProfiles = std::map<std::string, CredentialProfile, std::less<>>;

// Reads the manifest's `auth` object: profile name to {type, ...}, with settings put in. Types:
// oauth2_client_credentials, oauth2_private_key_jwt, bearer, basic, header, login. An optional member
// whose setting is absent counts as absent, and so does a profile that cannot do without one, if
// another profile can: a plugin may know several ways in, of which a connector has one. Refuses
// unknown types and members that are missing or of another type.
Result<CredentialProfiles> read_profiles(const json::Object& auth, const ConnectorValues& values);

}  // namespace quell::egress
