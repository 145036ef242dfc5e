// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "store/statement.hpp"

namespace quell::store {

// An authorization code, found by its SHA-256.
struct CodeRow {
    Digest hash{};
    ClientId client;
    UserId user;
    TenantId tenant;
    std::string redirect_uri;
    std::uint16_t scopes = 0;
    std::string code_challenge;
    std::string resource;
    WallTime created_at{};
    WallTime expires_at{};
    std::optional<WallTime> used_at;  // set by the redemption, as is the next member
    std::string family_id;            // what a second redemption has to kill (OA-01)
};

Result<void> insert_code(Transaction& transaction, const CodeRow& row);
// Used and expired ones too: the caller judges.
Result<std::optional<CodeRow>> find_code(Reader& reader, const Digest& hash);
// Only one call for a code ever gets true; the family may be inserted after it. An expired code gives false.
Result<bool> redeem_code(Transaction& transaction, const Digest& hash, std::string_view family_id, WallTime now);

}  // namespace quell::store
