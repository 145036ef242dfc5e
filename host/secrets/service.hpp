// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "secrets/backend.hpp"
#include "secrets/built_in.hpp"
#include "secrets/gate.hpp"
#include "secrets/rules.hpp"

namespace quell::secrets {

// A value that is handed on instead of being shown: good for one use, for some minutes.
struct Wrapped {
    std::string reference;  // wrapped_...
    WallTime expires_at{};
};

// A resource as it is listed: never its value.
struct Resource {
    std::string uri;  // a pattern, for a rule
    bool is_pattern = false;
    config::SecretRule rule;  // that applies
    std::optional<store::SecretRow> stored;
};

// Guarded secrets for every door: read, write, rotate, with the approval that the rules want. Values leave only through
// read(), to the holder of a live grant or where the rule needs none, and through unwrap(). Every attempt is recorded before
// a backend is asked. Any thread; Tasks on any io_context. Owned by app; all references outlive it.
class Service {
  public:
    struct Dependencies {
        store::Store& store;
        audit::Trail& trail;
        approvals::Service& approvals;
        AccessLog& log;
        BuiltIn& built_in;
        const Backends& backends;
        PresentSettings settings;
        std::string public_url;
    };
    explicit Service(Dependencies dependencies);

    // approval_required, approval_denied, approval_mismatch, operation_not_permitted, resource_not_found, reason_required,
    // secret_not_found, and the backend's own.
    base::Task<Reading> read(Access access);
    // The same by the token of an approval (A06). invalid_token if it is none or has ended.
    base::Task<Reading> read_with_token(std::string token, Access access);
    // The new version. Makes the secret if the rule allows to write it (L13).
    base::Task<std::string> write(Access access, SecretString value);
    base::Task<std::string> rotate(Access access);
    // Built-in store only: an earlier version is read again; the secret goes.
    base::Task<std::string> roll_back(Access access, std::int64_t version);
    base::Task<void> remove(Access access);

    // For the operator of this host at its command line, who may change every rule as well: no approval, but recorded like
    // everything else, and for resources that a rule names. No value: the backend draws one.
    base::Task<std::string> put_by_operator(Access access, std::optional<SecretString> value);
    base::Task<std::string> roll_back_by_operator(Access access, std::int64_t version);
    base::Task<void> remove_by_operator(Access access);

    // Asks without trying, for each resource its own approval (L12); an error concerns its resource alone.
    base::Task<std::vector<Result<approvals::Approval>>> ask(Access access, std::vector<std::string> resources, Operation operation);

    base::Task<Wrapped> wrap(const identity::Principal& holder, const Reading& reading);
    // secret_not_found for what is no reference of this tenant, was used or has ended.
    base::Task<Reading> unwrap(Access access, std::string reference);

    // Whether the tenant guards anything at all.
    bool has_rules(const TenantId& tenant) const;
    // Rules and stored secrets of the tenant, without values (L14).
    Result<std::vector<Resource>> list(const TenantId& tenant) const;
    Result<Resource> describe(const TenantId& tenant, std::string_view resource) const;

    // L06: for administrators alone. already_exists where the settings have a rule of that shape.
    base::Task<config::SecretRule> configure(identity::Principal caller, config::SecretRule rule);
    base::Task<void> remove_rule(identity::Principal caller, std::string uri);

    // For housekeeping. Returns how many.
    Result<std::int64_t> expire(store::Transaction& transaction, std::int64_t limit) const;

    const AccessLog& log() const { return in_.log; }
    const std::string& public_url() const { return in_.public_url; }
    std::shared_ptr<const config::TenantSettings> settings(const TenantId& tenant) const { return in_.settings(tenant); }
    // The resource that a caller names, in its one form: a URI, PATH below secrets, or NAME of the default environment.
    Result<ResourceUri> resource_named(const TenantId& tenant, std::string_view name) const;

  private:
    Result<std::shared_ptr<Backend>> backend_of(const TenantId& tenant, const Source& source) const;
    base::Task<Permit> pass(Access access, ResourceUri uri, Operation operation, std::string token);
    base::Task<Permit> pass_operator(Access access, ResourceUri uri);
    base::Task<std::string> put(Access access, ResourceUri uri, Permit permit, std::optional<SecretString> value);
    base::Task<std::string> set_version(Access access, ResourceUri uri, Permit permit, std::int64_t version);
    base::Task<void> erase(Access access, ResourceUri uri, Permit permit);
    base::Task<Reading> fetch(Access access, ResourceUri uri, Permit permit);
    base::Task<void> note_failure(Access access, ResourceUri uri, Operation operation, Error error);
    base::Task<void> check_administrator(const identity::Principal& caller) const;

    const Dependencies in_;
    Gate gate_;
};

}  // namespace quell::secrets
