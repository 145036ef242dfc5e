// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/ids.hpp"
#include "store/statement.hpp"

namespace quell::store {

// Notes that this client used the assertion with that id, until it expires. Only the first call ever gets true.
Result<bool> use_assertion(Transaction& transaction, const ClientId& client, const Digest& jti_hash,
                           WallTime expires_at);

}  // namespace quell::store
