// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "plugins/connector.hpp"
#include "plugins/secret_document.hpp"

namespace quell::plugins {

// secret_backend/1 (sdk/schema) as types. Values are in wiped memory from the frame on; no error holds one.
inline constexpr std::string_view kSecretBackend = "secret_backend/1";

struct SecretLease {
    std::string id;
    Millis ttl{0};
    bool renewable = false;
};

struct SecretContent {
    std::vector<SecretField> fields;
    std::optional<std::int64_t> version;
    std::optional<SecretLease> lease;

    // Null if there is no such field.
    const SecretString* find(std::string_view field) const;
};

struct SecretVersion {
    std::int64_t version = 0;
    std::string state;  // present, deleted, destroyed
    std::optional<std::string> created_at;
};

struct SecretDescription {
    bool dynamic = false;
    std::optional<std::int64_t> current_version;
    std::optional<std::string> created_at;
    std::optional<std::string> updated_at;
    std::vector<SecretVersion> versions;
};

struct SecretRead {
    std::string path;
    std::vector<std::string> fields{};  // none: all
    std::optional<std::int64_t> version{};
};

struct SecretWritten {
    std::int64_t version = 0;
};

struct WrappedSecret {
    SecretString token;
    Millis ttl{0};
};

// describe, list, read and wrap run read-only; the others send acting requests, so the caller's options need
// before_acting_request (call.hpp). Errors: secret_not_found (also of a field or version), invalid_lookup_value (a path
// or field that cannot be), http_403 (the backend's policy, or another tenant's path), connector_unavailable (sealed,
// standby, not initialised, silent: the message says which and what to do), and those of Connector::call.
base::Task<SecretDescription> describe_secret(const Connector& connector, const std::string& path, CallOptions options);
base::Task<std::vector<std::string>> list_secrets(const Connector& connector, const std::string& path, CallOptions options);
base::Task<SecretContent> read_secret(const Connector& connector, const SecretRead& wanted, CallOptions options);
// A new version with exactly these fields; `expected_version` 0: there must be none yet. Code::aborted if it is not so.
base::Task<SecretWritten> write_secret(const Connector& connector, const std::string& path,
                                       const std::vector<SecretField>& fields, std::optional<std::int64_t> expected_version,
                                       CallOptions options);
// A new version in which this field has this value; the others stay.
base::Task<SecretWritten> rotate_secret(const Connector& connector, const std::string& path,
                                        const SecretField& field, CallOptions options);
base::Task<std::optional<SecretLease>> renew_lease(const Connector& connector, const std::string& lease_id, CallOptions options);
// A lease that has ended already is no failure.
base::Task<void> revoke_lease(const Connector& connector, const std::string& lease_id, CallOptions options);
// Takes versions away so that bring_back() can undo it.
base::Task<void> take_away(const Connector& connector, const std::string& path, const std::vector<std::int64_t>& versions,
                           CallOptions options);
base::Task<void> bring_back(const Connector& connector, const std::string& path, const std::vector<std::int64_t>& versions,
                            CallOptions options);
base::Task<WrappedSecret> wrap_secret(const Connector& connector, const SecretRead& wanted, Millis ttl, CallOptions options);

// The same for threads that may block.
Result<SecretContent> read_secret_and_wait(const Connector& connector, const SecretRead& wanted, CallOptions options);
Result<std::optional<SecretLease>> renew_lease_and_wait(const Connector& connector, const std::string& lease_id, CallOptions options);
Result<void> revoke_lease_and_wait(const Connector& connector, const std::string& lease_id, CallOptions options);

}  // namespace quell::plugins
