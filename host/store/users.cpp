// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/users.hpp"

#include "store/login_sessions.hpp"

namespace quell::store {
namespace {

// The columns in the order of the statements below.
UserRow read_user(const Row& row) {
    return {.id = row.id<UserId>(0),
            .email = row.text(1),
            .password_hash = row.text(2),
            .active = row.view(3) == "active",
            .created_at = row.time(4)};
}

const char* state_of(bool active) { return active ? "active" : "suspended"; }

}  // namespace

Result<void> insert_user(Transaction& transaction, const UserRow& row) {
    TRY_VOID(transaction.run("INSERT INTO users (id, email, password_hash, state, created_at) VALUES (?, ?, ?, ?, ?)",
                             row.id, row.email, row.password_hash, state_of(row.active), row.created_at));
    return {};
}

Result<std::optional<UserRow>> find_user(Reader& reader, const UserId& id) {
    return reader.row<UserRow>("SELECT id, email, password_hash, state, created_at FROM users WHERE id = ?", read_user,
                               id);
}

Result<std::optional<UserRow>> find_user_by_email(Reader& reader, std::string_view email) {
    return reader.row<UserRow>("SELECT id, email, password_hash, state, created_at FROM users WHERE email = ?",
                               read_user, email);
}

Result<bool> set_password_hash(Transaction& transaction, const UserId& id, std::string_view password_hash) {
    TRY(const auto changed,
        transaction.run("UPDATE users SET password_hash = ? WHERE id = ?", password_hash, id));
    return changed > 0;
}

Result<bool> set_user_active(Transaction& transaction, const UserId& id, bool active) {
    TRY(const auto changed, transaction.run("UPDATE users SET state = ? WHERE id = ?", state_of(active), id));
    if (!active) {
        TRY_VOID(delete_login_sessions_of(transaction, id));
    }
    return changed > 0;
}

Result<bool> delete_user(Transaction& transaction, const UserId& id) {
    TRY(const auto changed, transaction.run("DELETE FROM users WHERE id = ?", id));
    return changed > 0;
}

Result<void> insert_membership(Transaction& transaction, const MembershipRow& row) {
    TRY_VOID(transaction.run("INSERT INTO memberships (user_id, tenant, role, created_at) VALUES (?, ?, ?, ?)",
                             row.user, row.tenant, row.role, row.created_at));
    return {};
}

Result<std::vector<MembershipRow>> list_memberships(Reader& reader, const UserId& user) {
    return reader.rows<MembershipRow>(
        "SELECT user_id, tenant, role, created_at FROM memberships WHERE user_id = ? ORDER BY tenant",
        [](const Row& row) {
            return MembershipRow{.user = row.id<UserId>(0),
                                 .tenant = row.id<TenantId>(1),
                                 .role = row.text(2),
                                 .created_at = row.time(3)};
        },
        user);
}

Result<std::vector<MemberRow>> list_members(Reader& reader, const TenantId& tenant) {
    return reader.rows<MemberRow>(
        "SELECT u.id, u.email, u.password_hash, u.state, u.created_at, m.role"
        " FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.tenant = ? ORDER BY u.email",
        [](const Row& row) { return MemberRow{.user = read_user(row), .role = row.text(5)}; }, tenant);
}

Result<std::optional<std::string>> find_role(Reader& reader, const UserId& user, const TenantId& tenant) {
    return reader.row<std::string>("SELECT role FROM memberships WHERE user_id = ? AND tenant = ?",
                                   [](const Row& row) { return row.text(0); }, user, tenant);
}

Result<bool> set_role(Transaction& transaction, const UserId& user, const TenantId& tenant, std::string_view role) {
    TRY(const auto changed, transaction.run("UPDATE memberships SET role = ? WHERE user_id = ? AND tenant = ?", role,
                                            user, tenant));
    return changed > 0;
}

Result<bool> delete_membership(Transaction& transaction, const UserId& user, const TenantId& tenant, WallTime now) {
    TRY(const auto changed,
        transaction.run("DELETE FROM memberships WHERE user_id = ? AND tenant = ?", user, tenant));
    TRY_VOID(transaction.run("DELETE FROM consents WHERE user_id = ? AND tenant = ?", user, tenant));
    TRY_VOID(transaction.run("DELETE FROM authorization_codes WHERE user_id = ? AND tenant = ?", user, tenant));
    TRY_VOID(transaction.run("DELETE FROM api_keys WHERE user_id = ? AND tenant = ?", user, tenant));
    TRY_VOID(transaction.run(
        "UPDATE token_families SET revoked_at = ? WHERE user_id = ? AND tenant = ? AND revoked_at IS NULL", now, user,
        tenant));
    return changed > 0;
}

Result<std::int64_t> count_administrators(Reader& reader, const TenantId& tenant) {
    TRY(const auto count, reader.row<std::int64_t>(
                              "SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id"
                              " WHERE m.tenant = ? AND m.role IN ('owner', 'admin') AND u.state = 'active'",
                              [](const Row& row) { return row.integer(0); }, tenant));
    return count.value_or(0);
}

}  // namespace quell::store
