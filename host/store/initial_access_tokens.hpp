// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/statement.hpp"

namespace quell::store {

// Lets its holder register clients (RFC 7591 3); found by its SHA-256.
struct InitialAccessTokenRow {
    std::string id;
    Digest hash{};
    std::string name;
    std::string created_by;  // a principal's id
    WallTime created_at{};
    WallTime expires_at{};
};

Result<void> insert_initial_access_token(Transaction& transaction, const InitialAccessTokenRow& row);
// None if it is unknown or expired.
Result<std::optional<InitialAccessTokenRow>> find_initial_access_token(Reader& reader, const Digest& hash,
                                                                       WallTime now);
// Expired ones too, until they are removed.
Result<std::vector<InitialAccessTokenRow>> list_initial_access_tokens(Reader& reader);
Result<bool> delete_initial_access_token(Transaction& transaction, std::string_view id);

}  // namespace quell::store
