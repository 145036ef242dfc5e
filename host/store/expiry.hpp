// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>

#include "store/statement.hpp"

namespace quell::store {

// Removes what ended: access tokens, families with their refresh tokens, logins, used assertions, ways to an OpenID
// provider that nobody came back from, and codes a day after their end, so that a late replay is still recognised
// (OA-01). At most about `limit` rows of a kind; returns how many went.
Result<std::int64_t> delete_expired(Transaction& transaction, WallTime now, std::int64_t limit = 1'000);

}  // namespace quell::store
