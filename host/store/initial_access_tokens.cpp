// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/initial_access_tokens.hpp"

namespace quell::store {
namespace {

InitialAccessTokenRow read_token(const Row& row) {
    return {.id = row.text(0),
            .hash = row.digest(1),
            .name = row.text(2),
            .created_by = row.text(3),
            .created_at = row.time(4),
            .expires_at = row.time(5)};
}

}  // namespace

Result<void> insert_initial_access_token(Transaction& transaction, const InitialAccessTokenRow& row) {
    TRY_VOID(transaction.run("INSERT INTO initial_access_tokens (id, hash, name, created_by, created_at, expires_at)"
                             " VALUES (?, ?, ?, ?, ?, ?)",
                             row.id, row.hash, row.name, row.created_by, row.created_at, row.expires_at));
    return {};
}

Result<std::optional<InitialAccessTokenRow>> find_initial_access_token(Reader& reader, const Digest& hash,
                                                                       WallTime now) {
    return reader.row<InitialAccessTokenRow>(
        "SELECT id, hash, name, created_by, created_at, expires_at FROM initial_access_tokens"
        " WHERE hash = ? AND expires_at > ?",
        read_token, hash, now);
}

Result<std::vector<InitialAccessTokenRow>> list_initial_access_tokens(Reader& reader) {
    return reader.rows<InitialAccessTokenRow>(
        "SELECT id, hash, name, created_by, created_at, expires_at FROM initial_access_tokens ORDER BY created_at, id",
        read_token);
}

Result<bool> delete_initial_access_token(Transaction& transaction, std::string_view id) {
    TRY(const auto gone, transaction.run("DELETE FROM initial_access_tokens WHERE id = ?", id));
    return gone > 0;
}

}  // namespace quell::store
