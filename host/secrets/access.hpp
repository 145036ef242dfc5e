// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "approvals/approval.hpp"
#include "base/resource_uri.hpp"
#include "base/secret_string.hpp"
#include "config/secret_settings.hpp"
#include "identity/principal.hpp"

namespace quell::secrets {

// Which of the resource's doors somebody stands before.
enum class Operation : std::uint8_t { read, write };
constexpr std::string_view to_string(Operation operation) { return operation == Operation::read ? "read" : "write"; }

// Somebody wants something of a resource, through whatever door.
struct Access {
    identity::Principal caller;
    std::string resource{};      // a URI; or what follows vsecure://secrets/
    std::string reason{};
    std::string requested_by{};  // in the caller's own words
    std::string approval_id{};   // of an approval that the caller means; empty: whichever there is
    std::optional<std::chrono::seconds> ttl{};
    std::string peer{};          // for the log of accesses
    std::string user_agent{};
};

// Somebody may do it: recorded, and the grant's use noted.
struct Permit {
    config::SecretRule rule;
    std::optional<approvals::Approval> grant;  // none: the rule needs no approval
    std::int64_t accesses = 0;
    WallTime at{};
};

// The part before the name, as in vsecure://secrets/production/auth-service/DATABASE_URL; empty: there is none.
std::string service_of(const ResourceUri& uri);

struct Reading {
    std::string uri;
    std::string name;
    std::string environment;  // empty: it has none
    std::string service;      // likewise
    SecretString value;
    std::string version;
    WallTime accessed_at{};
    std::int64_t accesses = 0;
    std::string approval_id{};        // empty: none was needed
    std::optional<WallTime> until{};  // the grant's end
    bool value_in_result = false;     // whether an agent may see it
};

// What L04 answers in the place of a value: approval_required, "Approval required" (L32), with approvalId and what to do next.
Error approval_required(const approvals::Approval& approval, std::string_view public_url);

}  // namespace quell::secrets
