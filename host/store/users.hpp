// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "store/statement.hpp"

namespace quell::store {

// A person. The e-mail is unique on the host and comes in its normal form (identity::normal_email).
struct UserRow {
    UserId id;
    std::string email;
    std::string password_hash;  // argon2id, encoded
    bool active = true;         // false: suspended (V71); nothing of the user's works
    WallTime created_at{};
};

struct MembershipRow {
    UserId user;
    TenantId tenant;
    std::string role;  // owner, admin, analyst, viewer
    WallTime created_at{};
};

struct MemberRow {
    UserRow user;
    std::string role;
};

Result<void> insert_user(Transaction& transaction, const UserRow& row);
Result<std::optional<UserRow>> find_user(Reader& reader, const UserId& id);
Result<std::optional<UserRow>> find_user_by_email(Reader& reader, std::string_view email);
Result<bool> set_password_hash(Transaction& transaction, const UserId& id, std::string_view password_hash);
// Suspending ends the login sessions as well.
Result<bool> set_user_active(Transaction& transaction, const UserId& id, bool active);
// With memberships, logins, consents, codes and families. The audit trail keeps the name.
Result<bool> delete_user(Transaction& transaction, const UserId& id);

Result<void> insert_membership(Transaction& transaction, const MembershipRow& row);
// By tenant.
Result<std::vector<MembershipRow>> list_memberships(Reader& reader, const UserId& user);
// By e-mail.
Result<std::vector<MemberRow>> list_members(Reader& reader, const TenantId& tenant);
Result<std::optional<std::string>> find_role(Reader& reader, const UserId& user, const TenantId& tenant);
Result<bool> set_role(Transaction& transaction, const UserId& user, const TenantId& tenant, std::string_view role);
// With it go the user's consents, codes and API keys there, and the families are revoked, so that joining again
// revives none.
Result<bool> delete_membership(Transaction& transaction, const UserId& user, const TenantId& tenant, WallTime now);
// Active owners and admins.
Result<std::int64_t> count_administrators(Reader& reader, const TenantId& tenant);

}  // namespace quell::store
