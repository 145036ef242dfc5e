// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "base/error.hpp"

struct sqlite3;

namespace quell::store {

// The store cannot take or answer this now. `detail` is for the log.
Error store_unavailable(std::string message, std::string detail);
// The file is damaged and stays as it is (DU-05); names the way back.
Error store_damaged(std::string detail);

// Translates an extended SQLite result code; SQLite's own text only ever gets into `detail` (LG-03).
Error sqlite_error(sqlite3* database, int code);

// After such a code the file, the disk or the memory of either cannot be trusted any more (DU-04).
// A full disk is no such thing: it heals (DU-03).
bool is_fatal(sqlite3* database, int code);

}  // namespace quell::store
