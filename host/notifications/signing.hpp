// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "crypto/seal.hpp"
#include "egress/http_message.hpp"

// Signed webhooks after standard-webhooks 1.0 (SS-05): a secret is "whsec_" and the base64 of 24 to 64 bytes.
namespace quell::notifications {

// The secret that a tenant has without asking for one, derived from the host's key; the same as long as that key is.
SecretString own_secret(const crypto::SealingKey& key, const TenantId& tenant);
// The bytes to sign with; connector_misconfigured for what is no such secret.
Result<SecretString> signing_key(const SecretString& secret);
// webhook-id, webhook-timestamp and webhook-signature: v1 is HMAC-SHA-256 over "id.timestamp.body".
std::vector<egress::Header> signed_headers(const SecretString& signing_key, std::string_view id, WallTime at, std::string_view body);

}  // namespace quell::notifications
