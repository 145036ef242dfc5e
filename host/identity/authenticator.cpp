// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/authenticator.hpp"

#include <strings.h>

#include "identity/live_token.hpp"
#include "store/tokens.hpp"

namespace quell::identity {
namespace {

constexpr std::size_t kMaxTokenLength = 128;

Error refusal() {
    return {Code::unauthenticated, "invalid_token", "Invalid or expired token"};
}

}  // namespace

Result<Principal> Authenticator::check_bearer(std::string_view token) {
    if (token.empty() || token.size() > kMaxTokenLength) {
        return refusal();
    }
    const crypto::Digest hash = crypto::sha256(token);
    std::optional<CheckedToken> known = cache_.find(hash);
    if (!known) {
        TRY(known, read(hash));
    }
    if (known->expires_at <= now_()) {
        return refusal();
    }
    return std::move(known->principal);
}

Result<CheckedToken> Authenticator::read(const crypto::Digest& hash) {
    const std::uint64_t mark = clock_.mark();
    TRY(const auto live, store_.read([&](store::Reader& reader) {
        return store::find_live_access_token(reader, hash, now_());
    }));
    // OA-12: a token for another resource, such as one made before public_url changed, is no token here.
    if (!live || live->token.audience != audience_) {
        return refusal();
    }
    CheckedToken checked{principal_of(*live), live->token.expires_at};
    cache_.remember(hash, checked, mark);
    return checked;
}

std::string_view bearer_token(std::string_view authorization) {
    constexpr std::string_view kScheme = "bearer ";
    if (authorization.size() < kScheme.size() ||
        strncasecmp(authorization.data(), kScheme.data(), kScheme.size()) != 0) {
        return {};
    }
    authorization.remove_prefix(kScheme.size());
    authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
    return authorization;
}

}  // namespace quell::identity
