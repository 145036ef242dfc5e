// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "approvals/approval.hpp"

#include <array>

namespace quell::approvals {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"pending", "approved", "denied", "expired"};

json::Value text_or_null(const std::optional<std::string>& text) { return text ? json::Value(*text) : json::Value(nullptr); }

}  // namespace

std::string_view to_string(Status status) { return kNames[static_cast<std::size_t>(status)]; }

std::optional<Status> parse_status(std::string_view text) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == text) {
            return static_cast<Status>(i);
        }
    }
    return std::nullopt;
}

Status status_of(const Approval& approval, WallTime now) {
    const Status stored = parse_status(approval.status).value_or(Status::expired);
    return stored == Status::pending && approval.expires_at <= now ? Status::expired : stored;
}

std::string approval_url(std::string_view public_url, std::string_view id) {
    return std::string(public_url) + "/mcp/approvals?id=" + std::string(id);
}

json::Object to_document(const Approval& approval, WallTime now, std::string_view public_url) {
    return {{"approvalId", approval.id},
            {"kind", approval.kind},
            {"resource", approval.resource},
            {"operation", approval.operation},
            {"status", to_string(status_of(approval, now))},
            {"reason", approval.reason},
            {"requestedBy", approval.requested_by.empty() ? approval.requester_label : approval.requested_by},
            {"requester", approval.requester_label},
            {"requestedAt", to_rfc3339(approval.requested_at)},
            {"expiresAt", to_rfc3339(approval.expires_at)},
            {"approvedBy", text_or_null(approval.decided_label)},
            {"approvedAt", approval.decided_at ? json::Value(to_rfc3339(*approval.decided_at)) : json::Value(nullptr)},
            {"decisionReason", text_or_null(approval.decision_reason)},
            {"approvalUrl", approval_url(public_url, approval.id)}};
}

}  // namespace quell::approvals
