// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/assertions.hpp"

namespace quell::store {

Result<bool> use_assertion(Transaction& transaction, const ClientId& client, const Digest& jti_hash,
                           WallTime expires_at) {
    TRY(const auto added, transaction.run("INSERT INTO used_assertions (client_id, jti_hash, expires_at)"
                                          " VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                                          client, jti_hash, expires_at));
    return added > 0;
}

}  // namespace quell::store
