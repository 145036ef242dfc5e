// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/authenticator.hpp"

#include <algorithm>

#include "identity/live_token.hpp"
#include "identity/roles.hpp"
#include "store/api_keys.hpp"
#include "store/tokens.hpp"

namespace quell::identity {
namespace {

constexpr std::size_t kMaxTokenLength = 128;
// How stale the last use of a key may be: it spares most calls an update.
constexpr std::chrono::minutes kUseResolution{1};

Error refusal() {
    return {Code::unauthenticated, "invalid_token", "Invalid or expired token"};
}

// E16: the key's user, whichever way it came; the label says that it was a key, and which.
Result<CheckedToken> to_checked(const store::OwnedApiKey& live, WallTime now) {
    const auto role = parse_role(live.role);
    CheckedToken checked{.principal = {.tenant = live.key.tenant,
                                       .id = "user:" + live.key.user.str(),
                                       .label = live.email + " (key " + live.key.name + ")",
                                       .client = {},
                                       .scopes = ScopeSet::from_bits(live.key.scopes) &
                                                 (role ? grantable_scopes(*role) : ScopeSet{}),
                                       .key_name = live.key.name},
                         .expires_at = live.key.expires_at.value_or(WallTime::max()),
                         .networks = {},
                         .read_at = now};
    for (const std::string& text : live.key.networks) {
        TRY(Network network, Network::parse(text));
        checked.networks.push_back(std::move(network));
    }
    return checked;
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
    CheckedToken checked{.principal = principal_of(*live), .expires_at = live->token.expires_at};
    cache_.remember(hash, checked, mark);
    return checked;
}

Result<Principal> Authenticator::check(const http::Request& request) {
    const PresentedCredential given = presented_credential(request, key_headers_);
    switch (given.kind) {
        case PresentedCredential::Kind::token:
            return check_bearer(given.text);
        case PresentedCredential::Kind::key:
            return check_key(given.text, request.peer);
        case PresentedCredential::Kind::none:
            break;
    }
    return Error(Code::unauthenticated, "credential_missing", "A bearer token or an API key is needed.");
}

std::function<bool()> Authenticator::still_holds(const http::Request& request) {
    const PresentedCredential given = presented_credential(request, key_headers_);
    const bool is_key = given.kind == PresentedCredential::Kind::key;
    return [this, is_key, text = std::string(given.text), peer = std::string(request.peer)] {
        return (is_key ? check_key(text, peer) : check_bearer(text)).has_value();
    };
}

Result<Principal> Authenticator::check_key(std::string_view key, std::string_view peer) {
    if (key.size() > kMaxTokenLength) {
        return refusal();
    }
    const crypto::Digest hash = crypto::sha256(key);
    const WallTime now = now_();
    std::optional<CheckedToken> known = cache_.find(hash);
    if (!known || now - known->read_at >= kUseResolution) {
        TRY(known, read_key(hash));
    }
    const auto& networks = known->networks;
    const bool from_there = networks.empty() || std::any_of(networks.begin(), networks.end(), [&](const Network& one) {
        return one.contains(peer);
    });
    if (known->expires_at <= now || !from_there) {
        return refusal();
    }
    return std::move(known->principal);
}

Result<CheckedToken> Authenticator::read_key(const crypto::Digest& hash) {
    const std::uint64_t mark = clock_.mark();
    const WallTime now = now_();
    TRY(const auto live,
        store_.read([&](store::Reader& reader) { return store::find_live_api_key(reader, hash, now); }));
    if (!live) {
        return refusal();
    }
    TRY(CheckedToken checked, to_checked(*live, now));
    cache_.remember(hash, checked, mark);
    // A full queue is logged there; the next minute notes it again.
    static_cast<void>(store_.write_later([id = live->key.id, now](store::Transaction& transaction) {
        return store::touch_api_key(transaction, id, now);
    }));
    return checked;
}

}  // namespace quell::identity
