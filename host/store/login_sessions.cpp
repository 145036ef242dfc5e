// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/login_sessions.hpp"

namespace quell::store {

Result<void> insert_login_session(Transaction& transaction, const LoginSessionRow& row) {
    TRY_VOID(transaction.run(
        "INSERT INTO login_sessions (hash, user_id, csrf_secret, created_at, expires_at, tenant)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        row.hash, row.user, row.csrf_secret, row.created_at, row.expires_at, row.tenant));
    return {};
}

Result<std::optional<LiveLogin>> find_live_login(Reader& reader, const Digest& hash, WallTime now) {
    return reader.row<LiveLogin>(
        "SELECT s.hash, s.user_id, s.csrf_secret, s.created_at, s.expires_at, s.tenant, u.email"
        " FROM login_sessions s JOIN users u ON u.id = s.user_id AND u.state = 'active'"
        " WHERE s.hash = ? AND s.expires_at > ?",
        [](const Row& row) {
            return LiveLogin{.session = {.hash = row.digest(0),
                                         .user = row.id<UserId>(1),
                                         .csrf_secret = row.text(2),
                                         .created_at = row.time(3),
                                         .expires_at = row.time(4),
                                         .tenant = row.id<TenantId>(5)},
                             .email = row.text(6)};
        },
        hash, now);
}

Result<bool> delete_login_session(Transaction& transaction, const Digest& hash) {
    TRY(const auto changed, transaction.run("DELETE FROM login_sessions WHERE hash = ?", hash));
    return changed > 0;
}

Result<std::int64_t> delete_login_sessions_of(Transaction& transaction, const UserId& user) {
    return transaction.run("DELETE FROM login_sessions WHERE user_id = ?", user);
}

}  // namespace quell::store
