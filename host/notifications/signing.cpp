// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notifications/signing.hpp"

#include "base/encoding.hpp"

namespace quell::notifications {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kShortestKey = 24;
constexpr std::size_t kLongestKey = 64;

}  // namespace

SecretString own_secret(const crypto::SealingKey& key, const TenantId& tenant) {
    const crypto::Digest bytes = key.hmac("webhook secret", tenant.str());
    return SecretString(std::string(kPrefix) + to_base64(crypto::as_text(bytes)));
}

Result<SecretString> signing_key(const SecretString& secret) {
    const std::string_view text = secret.reveal();
    const std::string_view encoded = text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : std::string_view();
    const std::string bytes = from_base64(encoded).value_or(std::string());
    if (bytes.size() < kShortestKey || bytes.size() > kLongestKey) {
        return Error(Code::failed_precondition, "connector_misconfigured",
                     "The webhook's secret must be `whsec_` and the base64 of 24 to 64 bytes.");
    }
    return SecretString(bytes);
}

std::vector<egress::Header> signed_headers(const SecretString& signing_key, std::string_view id, WallTime at, std::string_view body) {
    const std::string seconds = std::to_string(unix_millis(at) / 1000);
    std::string text(id);
    text += '.' + seconds + '.';
    text += body;
    const crypto::Digest signature = crypto::hmac_sha256(signing_key.reveal(), text);
    return {{"webhook-id", std::string(id)},
            {"webhook-timestamp", seconds},
            {"webhook-signature", "v1," + to_base64(crypto::as_text(signature))}};
}

}  // namespace quell::notifications
