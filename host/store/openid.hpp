// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "store/statement.hpp"

namespace quell::store {

// A person on the way to an OpenID provider, found by the SHA-256 of the state parameter.
struct OpenIdAttemptRow {
    Digest state_hash{};
    Digest browser_hash{};  // of the browser's own secret
    TenantId tenant;
    std::string issuer;
    std::string purpose;  // sign_in, proof
    std::string subject;
    WallTime created_at{};
    WallTime expires_at{};
};

// Who became a member of a tenant by the word of its provider.
struct OpenIdMemberRow {
    TenantId tenant;
    std::string issuer;
    std::string subject;
    UserId user;
    WallTime created_at{};
};

Result<void> insert_openid_attempt(Transaction& transaction, const OpenIdAttemptRow& row);
Result<std::optional<OpenIdAttemptRow>> find_openid_attempt(Reader& reader, const Digest& state_hash, WallTime now);
// False if somebody took it before.
Result<bool> delete_openid_attempt(Transaction& transaction, const Digest& state_hash);

Result<void> insert_openid_member(Transaction& transaction, const OpenIdMemberRow& row);
Result<std::optional<OpenIdMemberRow>> find_openid_member(Reader& reader, const TenantId& tenant,
                                                          std::string_view issuer, std::string_view subject);
Result<std::optional<OpenIdMemberRow>> find_openid_member(Reader& reader, const TenantId& tenant, const UserId& user);

}  // namespace quell::store
