// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "console/pages.hpp"

#include <kainjow/mustache.hpp>

#include "http/page.hpp"

namespace quell::embedded {
extern const std::string_view approvals_head;
extern const std::string_view console_approval;
extern const std::string_view console_approvals;
extern const std::string_view approvals_message;
extern const std::string_view approvals_style;
}  // namespace quell::embedded

namespace quell::console {
namespace {

namespace mustache = kainjow::mustache;
using mustache::data;

http::Response page(unsigned status, std::string_view template_text, data values) {
    values.set("head", data(mustache::partial([] { return std::string(embedded::approvals_head); })));
    values.set("approval", data(mustache::partial([] { return std::string(embedded::console_approval); })));
    mustache::mustache renderer{std::string(template_text)};
    return http::page(status, renderer.render(values));
}

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
    return page(200, embedded::console_approvals, std::move(values));
}

http::Response approvals_message(unsigned status, std::string_view title, std::string_view text) {
    data values;
    values.set("title", std::string(title));
    values.set("text", std::string(text));
    return page(status, embedded::approvals_message, std::move(values));
}

http::Response style_sheet() {
    http::Response response;
    response.headers = {{"Content-Type", "text/css; charset=utf-8"},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Cache-Control", "public, max-age=3600"}};
    response.body = embedded::approvals_style;
    return response;
}

}  // namespace quell::console
