// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/codes.hpp"

namespace quell::store {

Result<void> insert_code(Transaction& transaction, const CodeRow& row) {
    TRY_VOID(transaction.run(
        "INSERT INTO authorization_codes (hash, client_id, user_id, tenant, redirect_uri, scopes, code_challenge,"
        " resource, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.hash, row.client, row.user, row.tenant, row.redirect_uri, row.scopes, row.code_challenge, row.resource,
        row.created_at, row.expires_at));
    return {};
}

Result<std::optional<CodeRow>> find_code(Reader& reader, const Digest& hash) {
    return reader.row<CodeRow>(
        "SELECT hash, client_id, user_id, tenant, redirect_uri, scopes, code_challenge, resource, created_at,"
        " expires_at, used_at, family_id FROM authorization_codes WHERE hash = ?",
        [](const Row& row) {
            return CodeRow{.hash = row.digest(0),
                           .client = row.id<ClientId>(1),
                           .user = row.id<UserId>(2),
                           .tenant = row.id<TenantId>(3),
                           .redirect_uri = row.text(4),
                           .scopes = static_cast<std::uint16_t>(row.integer(5)),
                           .code_challenge = row.text(6),
                           .resource = row.text(7),
                           .created_at = row.time(8),
                           .expires_at = row.time(9),
                           .used_at = row.optional_time(10),
                           .family_id = row.text(11)};
        },
        hash);
}

Result<bool> redeem_code(Transaction& transaction, const Digest& hash, std::string_view family_id, WallTime now) {
    TRY(const auto redeemed,
        transaction.row<bool>("UPDATE authorization_codes SET used_at = ?1, family_id = ?2"
                              " WHERE hash = ?3 AND used_at IS NULL AND expires_at > ?1 RETURNING 1",
                              [](const Row&) { return true; }, now, family_id, hash));
    return redeemed.has_value();
}

}  // namespace quell::store
