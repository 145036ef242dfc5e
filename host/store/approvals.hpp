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

// A request for approval and what became of it; what its members mean, approvals/approval.hpp says.
struct ApprovalRow {
    std::string id;
    TenantId tenant;
    std::string kind;
    std::string resource;
    std::string operation;
    Digest arguments_digest{};
    std::string requester;  // a principal's id
    std::string requester_label;
    std::string requested_by;
    std::string reason;
    std::vector<std::string> approvers;
    bool single_use = false;
    std::string status;
    WallTime requested_at{};
    WallTime expires_at{};
    std::optional<std::string> decided_by{};
    std::optional<std::string> decided_label{};
    std::optional<WallTime> decided_at{};
    std::optional<std::string> decision_reason{};
    std::optional<WallTime> used_at{};
    std::optional<Digest> token_hash{};
};

// What one principal wants to do.
struct ApprovalWish {
    const TenantId& tenant;
    std::string_view requester;
    std::string_view kind;
    std::string_view resource;
    std::string_view operation;
    const Digest& arguments_digest;
};

// already_exists if the same wish is pending.
Result<void> insert_approval(Transaction& transaction, const ApprovalRow& row);
Result<std::optional<ApprovalRow>> find_approval(Reader& reader, const TenantId& tenant, std::string_view id);
Result<std::optional<ApprovalRow>> find_approval_by_token(Reader& reader, const Digest& token_hash);
// Pending and not past its end.
Result<std::optional<ApprovalRow>> find_open_approval(Reader& reader, const ApprovalWish& wish, WallTime now);
// Approved, not past its end, and not used up; the one that lasts longest.
Result<std::optional<ApprovalRow>> find_live_grant(Reader& reader, const ApprovalWish& wish, WallTime now);

// Denied, before the end that the request had; the newest.
Result<std::optional<ApprovalRow>> find_live_denial(Reader& reader, const ApprovalWish& wish, WallTime now);

// From pending, before its end, to the row's status with who decided, why, and the grant's end. False if it is not pending
// any more: one decision counts (AP-01).
Result<bool> decide_approval(Transaction& transaction, const ApprovalRow& row, WallTime now);
// Notes a use of a live grant. False if it ended, or was used and is for one use.
Result<bool> use_approval(Transaction& transaction, std::string_view id, WallTime now);
// Pending ones past their end become expired; at most `limit`, which are given back.
Result<std::vector<ApprovalRow>> expire_approvals(Transaction& transaction, WallTime now, std::int64_t limit);

struct ApprovalQuery {
    std::string status;    // of now; empty: all
    std::string resource;  // empty: all
    std::string requester; // empty: everybody's
    std::optional<WallTime> before_time;  // the last one of the page before
    std::string before_id;
    std::int64_t limit = 50;
};
// Newest first.
Result<std::vector<ApprovalRow>> list_approvals(Reader& reader, const TenantId& tenant, const ApprovalQuery& query, WallTime now);

}  // namespace quell::store
