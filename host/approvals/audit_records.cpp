// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "approvals/audit_records.hpp"

namespace quell::approvals {

audit::Record event_record(std::string_view event, const Approval& approval, std::string_view actor) {
    audit::Record record{.tenant = approval.tenant,
                         .event = std::string(event),
                         .actor = std::string(actor),
                         .request_id = approval.id,
                         .outcome = approval.status,
                         .detail = {{"kind", approval.kind},
                                    {"resource", approval.resource},
                                    {"operation", approval.operation},
                                    {"requester", approval.requester},
                                    {"by", approval.requester_label},
                                    {"reason", approval.reason},
                                    {"expires_at", to_rfc3339(approval.expires_at)}}};
    if (!approval.requested_by.empty()) {
        record.detail["requested_by"] = approval.requested_by;
    }
    if (approval.decided_label) {
        record.detail["decided_by"] = *approval.decided_label;
        record.detail["decision_reason"] = approval.decision_reason.value_or("");
    }
    return record;
}

audit::Record refusal_record(const identity::Principal& decider, std::string_view id, const Error& error) {
    // What a caller names is kept only where it may be an id of ours.
    const bool is_id = id.size() <= 64 && id.starts_with("appr_");
    return {.tenant = decider.tenant,
            .event = "approval_refused",
            .actor = decider.id,
            .request_id = is_id ? std::string(id) : std::string(),
            .outcome = error->key,
            .detail = {{"by", decider.label}}};
}

}  // namespace quell::approvals
