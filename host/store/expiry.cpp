// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/expiry.hpp"

#include <chrono>
#include <string>

#include "base/ids.hpp"

namespace quell::store {
namespace {

constexpr auto kCodeMemory = std::chrono::hours(24);

// By client, because the index of the tokens starts with it; one by expiry alone would burden each insert.
Result<std::int64_t> delete_access_tokens(Transaction& transaction, WallTime now, std::int64_t limit) {
    TRY(const auto clients, transaction.rows<std::string>("SELECT id FROM clients",
                                                          [](const Row& row) { return row.text(0); }));
    std::int64_t gone = 0;
    for (std::size_t i = 0; i < clients.size() && gone < limit; ++i) {
        TRY(const auto some,
            transaction.run("DELETE FROM access_tokens WHERE hash IN (SELECT hash FROM access_tokens"
                            " WHERE client_id = ? AND expires_at <= ? LIMIT ?)",
                            clients[i], now, limit - gone));
        gone += some;
    }
    return gone;
}

}  // namespace

Result<std::int64_t> delete_expired(Transaction& transaction, WallTime now, std::int64_t limit) {
    TRY(const auto tokens, delete_access_tokens(transaction, now, limit));
    TRY(const auto families,
        transaction.run("DELETE FROM token_families WHERE id IN"
                        " (SELECT id FROM token_families WHERE expires_at <= ? LIMIT ?)",
                        now, limit));
    TRY(const auto logins,
        transaction.run("DELETE FROM login_sessions WHERE hash IN"
                        " (SELECT hash FROM login_sessions WHERE expires_at <= ? LIMIT ?)",
                        now, limit));
    TRY(const auto codes,
        transaction.run("DELETE FROM authorization_codes WHERE hash IN"
                        " (SELECT hash FROM authorization_codes WHERE expires_at <= ? LIMIT ?)",
                        now - kCodeMemory, limit));
    TRY(const auto assertions,
        transaction.run("DELETE FROM used_assertions WHERE (client_id, jti_hash) IN"
                        " (SELECT client_id, jti_hash FROM used_assertions WHERE expires_at <= ? LIMIT ?)",
                        now, limit));
    TRY(const auto attempts,
        transaction.run("DELETE FROM openid_attempts WHERE state_hash IN"
                        " (SELECT state_hash FROM openid_attempts WHERE expires_at <= ? LIMIT ?)",
                        now, limit));
    return tokens + families + logins + codes + assertions + attempts;
}

}  // namespace quell::store
