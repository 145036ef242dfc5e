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

struct SecretVersionRow {
    TenantId tenant;
    std::string uri;
    std::int64_t version = 0;
    std::string sealed;
    std::string key_id;
    std::string created_by;  // a principal's id
    WallTime created_at{};
};

// A secret without its value.
struct SecretRow {
    std::string uri;
    std::int64_t version = 0;  // that is read
    std::int64_t newest = 0;
    WallTime created_at{};
    WallTime updated_at{};
    std::int64_t accesses = 0;
};

// The next version, which is read from now on; its number. `row.version` does not matter.
Result<std::int64_t> add_secret_version(Transaction& transaction, const SecretVersionRow& row);
// None given: the version that is read now.
Result<std::optional<SecretVersionRow>> find_secret_version(Reader& reader, const TenantId& tenant, std::string_view uri,
                                                            std::optional<std::int64_t> version);
// An older version is read again. False if there is none.
Result<bool> set_secret_version(Transaction& transaction, const TenantId& tenant, std::string_view uri, std::int64_t version,
                                WallTime now);
Result<bool> delete_secret(Transaction& transaction, const TenantId& tenant, std::string_view uri);
Result<std::optional<SecretRow>> find_secret(Reader& reader, const TenantId& tenant, std::string_view uri);
Result<std::vector<SecretRow>> list_secrets(Reader& reader, const TenantId& tenant);

// For rotation of the key: versions of all tenants that are sealed with another one, at most `limit`.
Result<std::vector<SecretVersionRow>> list_sealed_otherwise(Reader& reader, std::string_view key_id, std::int64_t limit);
// False if it was changed meanwhile.
Result<bool> reseal_secret(Transaction& transaction, const SecretVersionRow& row, std::string_view sealed, std::string_view key_id);

// One more access; how many there were.
Result<std::int64_t> count_secret_access(Transaction& transaction, const TenantId& tenant, std::string_view uri);

struct WrappedRow {
    Digest hash{};
    TenantId tenant;
    std::string uri;
    std::string approval_id;
    std::string sealed;
    WallTime expires_at{};
};
Result<void> insert_wrapped(Transaction& transaction, const WrappedRow& row);
// Takes it away: nobody gets it twice. None if it is unknown, another tenant's, taken or past its end.
Result<std::optional<WrappedRow>> take_wrapped(Transaction& transaction, const TenantId& tenant, const Digest& hash, WallTime now);
Result<std::int64_t> delete_expired_wrapped(Transaction& transaction, WallTime now, std::int64_t limit);

struct SecretRuleRow {
    std::string shape;
    std::string document;  // JSON
};
Result<void> save_secret_rule(Transaction& transaction, const TenantId& tenant, const SecretRuleRow& row, std::string_view created_by,
                              WallTime now);
Result<std::vector<SecretRuleRow>> list_secret_rules(Reader& reader, const TenantId& tenant);
Result<bool> delete_secret_rule(Transaction& transaction, const TenantId& tenant, std::string_view shape);

}  // namespace quell::store
