// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "egress/url.hpp"

namespace quell::identity {

// What a provider says of itself (OpenID Connect Discovery 3), as far as a sign-in needs it.
struct OpenIdMetadata {
    std::string authorization_endpoint;
    egress::Url token_endpoint;
    std::string token_endpoint_text;  // as written: the audience of a signed assertion
    egress::Url keys_address;
    std::optional<egress::Url> userinfo_endpoint;
    bool takes_basic = true;      // client_secret_basic at the token endpoint; else client_secret_post
    bool names_itself = false;    // RFC 9207: every answer carries `iss`
};

// Where the document is: the issuer without its last slash, then /.well-known/openid-configuration.
std::string openid_metadata_address(const std::string& issuer);
// openid_provider_misconfigured, with the member, if it cannot be used: above all another issuer, compared byte for
// byte (Discovery 4.3), and endpoints that are not https.
Result<OpenIdMetadata> read_openid_metadata(const config::OpenIdSettings& settings, std::string_view body);

}  // namespace quell::identity
