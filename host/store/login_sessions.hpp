// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>

#include "base/ids.hpp"
#include "store/statement.hpp"

namespace quell::store {

// A browser's sign-in, found by the SHA-256 of its cookie.
struct LoginSessionRow {
    Digest hash{};
    UserId user;
    std::string csrf_secret;
    WallTime created_at{};
    WallTime expires_at{};
    TenantId tenant{};  // where alone it is good; empty: in all of the user's
};

struct LiveLogin {
    LoginSessionRow session;
    std::string email;
};

Result<void> insert_login_session(Transaction& transaction, const LoginSessionRow& row);
// None if it is unknown, expired, or its user is suspended.
Result<std::optional<LiveLogin>> find_live_login(Reader& reader, const Digest& hash, WallTime now);
Result<bool> delete_login_session(Transaction& transaction, const Digest& hash);
Result<std::int64_t> delete_login_sessions_of(Transaction& transaction, const UserId& user);

}  // namespace quell::store
