// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/result.hpp"
#include "store/connection.hpp"

namespace quell::store {

// The schema version that this program reads and writes (PRAGMA user_version).
int schema_version();

// Brings the file to schema_version() in one transaction. failed_precondition for a newer schema, data_loss for a
// file with content that is no Quell store.
Result<void> migrate(Connection& connection);

}  // namespace quell::store
