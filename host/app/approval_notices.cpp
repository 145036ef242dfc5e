// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/approval_notices.hpp"

namespace quell::app {
namespace {

using approvals::Event;

std::string title_of(Event event, const approvals::Approval& approval) {
    switch (event) {
        case Event::requested: return "Approval wanted: " + approval.operation + " " + approval.resource;
        case Event::granted: return "Approved: " + approval.operation + " " + approval.resource;
        case Event::denied: return "Denied: " + approval.operation + " " + approval.resource;
        case Event::expired: return "Nobody decided: " + approval.operation + " " + approval.resource;
    }
    return approval.resource;
}

}  // namespace

notifications::Message notice_of(Event event, const approvals::Approval& approval, std::string_view public_url) {
    notifications::Message message{.tenant = approval.tenant,
                                   .event = std::string(to_string(event)),
                                   .subject = approval.id,
                                   .title = title_of(event, approval)};
    message.text = approval.reason;
    message.fields = {{"Requested by", approval.requester_label},
                      {"Resource", approval.resource},
                      {"Operation", approval.operation},
                      {"Ends at", to_rfc3339(approval.expires_at)}};
    if (approval.decided_label) {
        message.fields.emplace_back("Decided by", *approval.decided_label);
        message.fields.emplace_back("Decision", approval.decision_reason.value_or(""));
    }
    message.link = approvals::approval_url(public_url, approval.id);
    // Buttons are for those who wait, and nobody decides twice.
    message.approval_id = event == Event::requested ? approval.id : std::string();
    message.data = approvals::to_document(approval, approval.requested_at, public_url);
    return message;
}

notifications::Message notice_of(const secrets::Alarm& alarm) {
    const std::string resource = alarm.resource.empty() ? "all secrets" : alarm.resource;
    notifications::Message message{.tenant = alarm.tenant,
                                   .event = "secret_alert",
                                   .subject = alarm.name,
                                   .title = "Unusual access to secrets: " + alarm.name};
    message.text = "More than " + std::to_string(alarm.threshold) + " accesses to " + resource + " in one period of " +
                   std::to_string(alarm.period.count()) + " seconds.";
    message.data = {{"name", alarm.name}, {"resource", resource}, {"threshold", alarm.threshold}, {"periodSeconds", alarm.period.count()}};
    return message;
}

}  // namespace quell::app
