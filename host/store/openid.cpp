// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/openid.hpp"

namespace quell::store {
namespace {

OpenIdMemberRow read_member(const Row& row) {
    return {.tenant = row.id<TenantId>(0),
            .issuer = row.text(1),
            .subject = row.text(2),
            .user = row.id<UserId>(3),
            .created_at = row.time(4)};
}

}  // namespace

Result<void> insert_openid_attempt(Transaction& transaction, const OpenIdAttemptRow& row) {
    TRY_VOID(transaction.run("INSERT INTO openid_attempts (state_hash, browser_hash, tenant, issuer, purpose, subject,"
                             " created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                             row.state_hash, row.browser_hash, row.tenant, row.issuer, row.purpose, row.subject,
                             row.created_at, row.expires_at));
    return {};
}

Result<std::optional<OpenIdAttemptRow>> find_openid_attempt(Reader& reader, const Digest& state_hash, WallTime now) {
    return reader.row<OpenIdAttemptRow>(
        "SELECT state_hash, browser_hash, tenant, issuer, purpose, subject, created_at, expires_at"
        " FROM openid_attempts WHERE state_hash = ? AND expires_at > ?",
        [](const Row& row) {
            return OpenIdAttemptRow{.state_hash = row.digest(0),
                                    .browser_hash = row.digest(1),
                                    .tenant = row.id<TenantId>(2),
                                    .issuer = row.text(3),
                                    .purpose = row.text(4),
                                    .subject = row.text(5),
                                    .created_at = row.time(6),
                                    .expires_at = row.time(7)};
        },
        state_hash, now);
}

Result<bool> delete_openid_attempt(Transaction& transaction, const Digest& state_hash) {
    TRY(const auto gone, transaction.run("DELETE FROM openid_attempts WHERE state_hash = ?", state_hash));
    return gone > 0;
}

Result<void> insert_openid_member(Transaction& transaction, const OpenIdMemberRow& row) {
    TRY_VOID(transaction.run(
        "INSERT INTO openid_members (tenant, issuer, subject, user_id, created_at) VALUES (?, ?, ?, ?, ?)", row.tenant,
        row.issuer, row.subject, row.user, row.created_at));
    return {};
}

Result<std::optional<OpenIdMemberRow>> find_openid_member(Reader& reader, const TenantId& tenant,
                                                          std::string_view issuer, std::string_view subject) {
    return reader.row<OpenIdMemberRow>("SELECT tenant, issuer, subject, user_id, created_at FROM openid_members"
                                       " WHERE tenant = ? AND issuer = ? AND subject = ?",
                                       read_member, tenant, issuer, subject);
}

Result<std::optional<OpenIdMemberRow>> find_openid_member(Reader& reader, const TenantId& tenant, const UserId& user) {
    return reader.row<OpenIdMemberRow>("SELECT tenant, issuer, subject, user_id, created_at FROM openid_members"
                                       " WHERE tenant = ? AND user_id = ?",
                                       read_member, tenant, user);
}

}  // namespace quell::store
