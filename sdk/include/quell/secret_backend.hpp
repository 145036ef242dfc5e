// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <quell/call.hpp>
#include <quell/result.hpp>
#include <quell/secret_value.hpp>
#include <quell/time.hpp>

namespace quell::inline v1 {

struct SecretField {
    std::string name{};
    SecretValue value{};
};

// What a dynamic secret lives on.
struct SecretLease {
    std::string id{};
    std::chrono::milliseconds ttl{0};
    bool renewable = false;
};

struct SecretVersion {
    enum class State { present, deleted, destroyed };
    std::int64_t version = 0;
    State state = State::present;
    std::optional<std::string> created_at{};  // RFC 3339
};

// What is known about a secret, without its values.
struct SecretDescription {
    bool dynamic = false;  // else it is kept in versions
    std::optional<std::int64_t> current_version{};
    std::optional<std::string> created_at{};
    std::optional<std::string> updated_at{};
    std::vector<SecretVersion> versions{};
};

struct SecretPath {
    std::string path{};
};

struct SecretRead {
    std::string path{};
    std::vector<std::string> fields{};  // none: all
    std::optional<std::int64_t> version{};
};

// The values of one version, or of one dynamic secret. They leave through reply_secret alone.
struct SecretContent {
    std::vector<SecretField> fields{};
    std::optional<std::int64_t> version{};
    std::optional<std::string> created_at{};
    std::optional<SecretLease> lease{};
};

struct SecretWrite {
    std::string path{};
    std::vector<SecretField> fields{};                // the new version holds these and no others
    std::optional<std::int64_t> expected_version{};  // 0: there must be none
};

struct SecretRotation {
    std::string path{};
    SecretField field{};
};

struct SecretWritten {
    std::int64_t version = 0;
    std::optional<std::int64_t> previous_version{};
};

// Of renew and revoke: a lease, or versions of a path.
struct SecretHold {
    std::string lease_id{};  // empty: `path` and `versions`
    std::optional<std::chrono::milliseconds> increment{};
    std::string path{};
    std::vector<std::int64_t> versions{};
};

// The lease as renew left it; none for versions.
struct RenewedLease {
    std::optional<SecretLease> lease{};
};

struct SecretNames {
    std::vector<std::string> names{};
};

struct SecretWrap {
    std::string path{};
    std::optional<std::int64_t> version{};
    std::chrono::milliseconds ttl{0};
};

struct WrappedSecret {
    SecretValue token{};
    std::chrono::milliseconds ttl{0};
    std::optional<std::string> created_at{};
};

// "secret_backend/1": a store of secrets. Derive from it. Threads: as for DeviceContainment.
// Put no value, and no text of the backend, into an Error or a log line.
class SecretBackend {
  public:
    virtual ~SecretBackend() = default;

    // not_found for a path without a secret. Read-only.
    virtual Result<SecretDescription> describe(Call& call, const SecretPath& secret) = 0;
    // Names below a path; none is an empty list. Read-only.
    virtual Result<SecretNames> list(Call& call, const SecretPath& folder) = 0;
    // not_found for what is not there; invalid_argument for a field that the secret does not have.
    // Read-only, though a dynamic secret is made by it.
    virtual Result<SecretContent> read(Call& call, const SecretRead& request) = 0;
    // aborted if the present version is not the expected one.
    virtual Result<SecretWritten> write(Call& call, const SecretWrite& request) = 0;
    // The other fields stay as they are.
    virtual Result<SecretWritten> rotate(Call& call, const SecretRotation& request) = 0;
    virtual Result<RenewedLease> renew(Call& call, const SecretHold& hold) = 0;
    // What has ended already is no failure: the host may ask twice.
    virtual Result<void> revoke(Call& call, const SecretHold& hold) = 0;
    // Read-only.
    virtual Result<WrappedSecret> wrap(Call& call, const SecretWrap& request) = 0;
};

}  // namespace quell::inline v1
