// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "config/secret_settings.hpp"
#include "crypto/digest.hpp"
#include "json/value.hpp"
#include "store/approvals.hpp"

namespace quell::approvals {

enum class Status : std::uint8_t { pending, approved, denied, expired };
std::string_view to_string(Status status);
std::optional<Status> parse_status(std::string_view text);

// One request for approval as the store holds it: who wants to do what (kind, resource, operation, digest of the arguments),
// why, until when, who may decide, and the decision. An approved one is a grant until its end.
using Approval = store::ApprovalRow;

// Of that moment: who waits past the end has expired, whether housekeeping came by or not.
Status status_of(const Approval& approval, WallTime now);

// What somebody wants to do, with the rules that the asking use case has for it.
struct Wish {
    std::string kind;  // of use case: "secret"
    std::string resource;
    std::string operation;
    crypto::Digest arguments_digest{};  // of exactly what would be done; zeros where the resource says it all
    std::string reason;
    std::chrono::seconds ttl{3600};  // how long to wait, and how long a grant lasts: both end together (A04)
    std::string requested_by{};      // in the caller's own words, for people; never checked
    bool single_use = false;         // for actions: a grant is good for one
    std::vector<std::string> approvers{};  // none: the tenant's administrators
    config::ReasonRule reason_rule{};
    config::AutoApproval auto_approval{};
};

// A08, with what a requester needs to go on: approvalId, resource, operation, status, requestedBy, requestedAt, expiresAt,
// reason, approvedBy, approvedAt, decisionReason, approvalUrl. No value, no token.
json::Object to_document(const Approval& approval, WallTime now, std::string_view public_url);

// Where people decide it.
std::string approval_url(std::string_view public_url, std::string_view id);

}  // namespace quell::approvals
