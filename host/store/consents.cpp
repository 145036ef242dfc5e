// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/consents.hpp"

namespace quell::store {

Result<void> save_consent(Transaction& transaction, const ConsentRow& row) {
    TRY_VOID(transaction.run("INSERT INTO consents (user_id, client_id, tenant, scopes, created_at)"
                             " VALUES (?, ?, ?, ?, ?) ON CONFLICT (user_id, client_id, tenant)"
                             " DO UPDATE SET scopes = excluded.scopes, created_at = excluded.created_at",
                             row.user, row.client, row.tenant, row.scopes, row.created_at));
    return {};
}

Result<std::optional<ConsentRow>> find_consent(Reader& reader, const UserId& user, const ClientId& client,
                                               const TenantId& tenant) {
    return reader.row<ConsentRow>(
        "SELECT user_id, client_id, tenant, scopes, created_at FROM consents"
        " WHERE user_id = ? AND client_id = ? AND tenant = ?",
        [](const Row& row) {
            return ConsentRow{.user = row.id<UserId>(0),
                              .client = row.id<ClientId>(1),
                              .tenant = row.id<TenantId>(2),
                              .scopes = static_cast<std::uint16_t>(row.integer(3)),
                              .created_at = row.time(4)};
        },
        user, client, tenant);
}

}  // namespace quell::store
