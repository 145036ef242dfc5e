// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret_string.hpp"
#include "config/settings.hpp"
#include "egress/http_message.hpp"
#include "identity/openid_metadata.hpp"

// What is said to a provider's token and userinfo endpoints.
namespace quell::identity {

struct OpenIdCode {
    std::string code;
    std::string verifier;
    std::string redirect_uri;
};

// OpenID Connect Core 3.1.3.1, with the secret, or with an assertion of one minute (private_key_jwt).
// openid_provider_misconfigured if the secret or key cannot be read.
Result<egress::HttpRequest> code_request(const config::OpenIdSettings& settings, const OpenIdMetadata& metadata,
                                         const OpenIdCode& code, WallTime now);

struct OpenIdTokens {
    SecretString id_token;
    SecretString access_token;  // empty: none
};
// openid_refused for a code that the provider does not take, openid_provider_misconfigured if it does not take us,
// openid_provider_unavailable for everything else. Of the answer nothing but codes of RFC 6749 5.2 is believed.
Result<OpenIdTokens> read_code_answer(Result<egress::HttpResponse> response);

egress::HttpRequest userinfo_request(const egress::Url& endpoint, const SecretString& access_token);
// OpenID Connect Core 5.3.2: about the same subject, or nothing of it counts.
Result<json::Object> read_userinfo(Result<egress::HttpResponse> response, std::string_view subject);

// The settings' secret or private key, to see whether it can be used.
Result<void> check_openid_credential(const config::OpenIdSettings& settings);

}  // namespace quell::identity
