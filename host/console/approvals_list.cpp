// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "console/approvals_list.hpp"

#include "console/frame.hpp"

namespace quell::embedded {

extern const std::string_view console_approval;
extern const std::string_view console_approvals;

}  // namespace quell::embedded

namespace quell::console {
namespace {

namespace mustache = kainjow::mustache;
using mustache::data;

data to_data(const WaitingApproval& approval) {
    data item;
    item.set("id", approval.id);
    item.set("tenant", approval.tenant);
    item.set("resource", approval.resource);
    item.set("operation", approval.operation);
    item.set("requester", approval.requester);
    item.set("says", !approval.requested_by.empty());
    item.set("requested_by", approval.requested_by);
    item.set("has_reason", !approval.reason.empty());
    item.set("reason", approval.reason);
    item.set("requested_at", approval.requested_at);
    item.set("expires_at", approval.expires_at);
    item.set("status", approval.status);
    item.set("is_decided", !approval.decided_by.empty());
    item.set("decided_by", approval.decided_by);
    item.set("decision_reason", approval.decision_reason);
    item.set("may_decide", !approval.csrf.empty());
    item.set("csrf", approval.csrf);
    return item;
}

data to_list(const std::vector<WaitingApproval>& approvals) {
    data list(data::type::list);
    for (const WaitingApproval& approval : approvals) {
        list << to_data(approval);
    }
    return list;
}

}  // namespace

http::Response render(const ListPage& list) {
    data values;
    values.set("title", "Requests for approval");
    values.set("user", list.user);
    values.set("asked", to_list(list.asked));
    values.set("waiting", to_list(list.waiting));
    values.set("is_empty", list.asked.empty() && list.waiting.empty());
    values.set("wide", true);
    values.set("approval", data(mustache::partial([] { return std::string(embedded::console_approval); })));
    return in_frame(200, embedded::console_approvals, std::move(values));
}

}  // namespace quell::console
