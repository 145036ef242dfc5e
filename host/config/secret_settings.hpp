// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/resource_uri.hpp"
#include "base/time_window.hpp"
#include "config/source_position.hpp"
#include "json/value.hpp"

namespace quell::config {

// When nobody has to be asked: all conditions that are given must hold (L11).
struct AutoApproval {
    bool enabled = false;
    std::optional<TimeWindow> time_window;
    std::vector<std::string> requesters;  // people, clients, names of API keys
    std::vector<std::string> operations;  // "read", "write"
};

// What people have to say when they ask (L28). Characters, not bytes.
struct ReasonRule {
    bool required = false;
    std::size_t least_length = 0;
};

// Who may do what with the resources of one pattern (L06). The same shape in TOML and in the store.
struct SecretRule {
    ResourcePattern pattern;
    std::string name{};
    std::string description{};
    bool may_read = true;
    bool may_write = false;
    bool requires_approval = true;
    std::vector<std::string> approvers{};  // users, e-mails, roles; none: the tenant's administrators
    AutoApproval auto_approval{};
    ReasonRule reason{};
    std::optional<std::chrono::seconds> longest{};  // that access may last; none: the tenant's
    // "CONNECTOR:path#field" of a secret backend, with {variables} of the pattern; empty: the built-in store.
    std::string source{};
    std::optional<bool> value_in_result{};  // none: the tenant's
    SourcePosition position{};
};

// L30: tells when more happened in one period than is usual.
struct SecretAlert {
    std::string name;
    std::optional<ResourcePattern> resource;  // none: all
    std::chrono::seconds period{3600};
    std::int64_t threshold = 0;  // more than this many accesses
};

struct SecretSettings {
    bool value_in_result = false;  // to agents; else a reference that works once
    std::string default_environment;  // of names without one; empty: there is none
    std::chrono::seconds ttl{3600};   // of requests that name none
    std::chrono::seconds longest{24 * 3600};
    std::vector<SecretRule> rules;
    std::vector<SecretAlert> alerts;
};

// Who else approves than single people and the roles of INTERFACES.md 5 (A11): name -> users.
struct ApprovalSettings {
    std::map<std::string, std::vector<std::string>, std::less<>> roles;
};

// The built-in store of secrets: keys as references. None: the store's own key.
struct SecretStoreSettings {
    std::optional<json::Value> key;
    std::vector<json::Value> previous_keys;
    SourcePosition position;
};

}  // namespace quell::config
