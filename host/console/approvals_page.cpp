// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "console/approvals_page.hpp"

#include "base/duration.hpp"
#include "base/encoding.hpp"
#include "console/approvals_list.hpp"
#include "console/frame.hpp"
#include "http/form.hpp"
#include "http/ready.hpp"

namespace quell::console {
namespace {

using approvals::Approval;

constexpr std::string_view kPath = "/mcp/approvals";
constexpr std::int64_t kMostShown = 100;

// OA-23: a form was made for this login and this very request.
std::string csrf_subject(std::string_view id) { return "approval\n" + std::string(id); }

http::Response redirect(const std::string& location) {
    http::Response response;
    response.status = 303;
    response.headers = {{"Location", location}, {"Cache-Control", "no-store"}};
    return response;
}

// The address that was asked for, to come back to after signing in.
http::Response to_login(const http::Request& request) {
    std::string next(kPath);
    if (!request.query.empty()) {
        next += "?" + std::string(request.query);
    }
    return redirect("/oauth/login?next=" + percent_encode(next));
}

identity::Principal principal_of(const identity::Login& login, const TenantId& tenant) {
    return {.tenant = tenant, .id = "user:" + login.user.id.str(), .label = login.user.email, .client = {}, .scopes = {}};
}

WaitingApproval shown(const identity::Login& login, const Approval& approval, bool may_decide, WallTime now) {
    return {.id = approval.id,
            .tenant = approval.tenant.str(),
            .resource = approval.resource,
            .operation = approval.operation,
            .requester = approval.requester_label,
            .requested_by = approval.requested_by,
            .reason = approval.reason,
            .requested_at = to_rfc3339(approval.requested_at),
            .expires_at = to_rfc3339(approval.expires_at),
            .status = std::string(to_string(approvals::status_of(approval, now))),
            .decided_by = approval.decided_label.value_or(""),
            .decision_reason = approval.decision_reason.value_or(""),
            .csrf = may_decide ? login.csrf_token(csrf_subject(approval.id)) : std::string()};
}

http::Response refusal_page(unsigned status, std::string_view title, std::string_view text) {
    return message_page(status, title, text, kPath, "All requests");
}

http::Response unavailable() {
    return refusal_page(503, "The host cannot answer now", "Try again in a moment. Nothing was decided.");
}

unsigned status_for(const Error& error) {
    switch (error->code) {
        case Code::permission_denied: return 403;
        case Code::not_found: return 404;
        case Code::already_exists: return 409;
        case Code::failed_precondition: return 410;
        case Code::invalid_argument: return 400;
        default: return 503;
    }
}

}  // namespace

void ApprovalsPage::add_routes(http::Router& router) const {
    router.add("GET", kPath, [this](const http::Request& request) { return show(request); });
    router.add("POST", kPath, [this](const http::Request& request) { return decide(request); });
}

http::Answer ApprovalsPage::show(const http::Request& request) const {
    const auto login = in_.login(request);
    const auto query = http::Form::parse(request.query);
    if (!login) {
        co_return unavailable();
    }
    if (!*login) {
        co_return to_login(request);
    }
    const auto memberships = in_.users.memberships((*login)->user.id);
    if (!memberships) {
        co_return unavailable();
    }
    ListPage page{.user = (*login)->user.email, .asked = {}, .waiting = {}};
    const std::string asked(query ? query->value("id") : std::string_view());
    const WallTime now = in_.approvals.now();
    for (const identity::Membership& membership : *memberships) {
        if (!(*login)->is_good_in(membership.tenant)) {
            continue;
        }
        const identity::Principal caller = principal_of(**login, membership.tenant);
        if (auto one = asked.empty() ? Result<Approval>(invalid_arguments("")) : in_.approvals.get(caller, asked)) {
            page.asked.push_back(shown(**login, *one, in_.approvals.may_decide(caller, *one).value_or(false), now));
        }
        const auto found = in_.approvals.list(caller, {.status = "pending", .resource = {}, .cursor = {}, .limit = kMostShown});
        if (!found) {
            co_return unavailable();
        }
        for (const Approval& approval : found->approvals) {
            if (approval.id != asked && in_.approvals.may_decide(caller, approval).value_or(false)) {
                page.waiting.push_back(shown(**login, approval, true, now));
            }
        }
    }
    co_return render(page);
}

http::Answer ApprovalsPage::decide(const http::Request& request) const {
    const auto form = http::Form::parse(request.body);
    const auto login = in_.login(request);
    if (!form || !login || !*login || !(*login)->accepts_csrf_token(form->value("csrf"), csrf_subject(form->value("id")))) {
        co_return refusal_page(403, "This form is out of date", "Open the list of requests again.");
    }
    approvals::Decision decision;
    decision.approve = form->value("action") == "approve";
    decision.reason = form->value("reason");
    if (!decision.approve && form->value("action") != "deny") {
        co_return refusal_page(400, "Approve or deny", "Go back and choose one of the two.");
    }
    if (form->has("duration")) {
        const auto duration = parse_duration(form->value("duration"));
        if (!duration) {
            co_return refusal_page(400, "How long?", duration.error()->message);
        }
        decision.duration = *duration;
    }
    const TenantId tenant(std::string(form->value("tenant")));
    if (!(*login)->is_good_in(tenant)) {
        co_return refusal_page(403, "Signed in for another company", "Sign in with the account that you have there.");
    }
    const identity::Principal caller = principal_of(**login, tenant);
    const std::string id(form->value("id"));
    const auto decided = co_await in_.approvals.decide(caller, id, std::move(decision));
    if (!decided) {
        co_return refusal_page(status_for(decided.error()), "Nothing was decided", decided.error()->message);
    }
    co_return redirect(std::string(kPath) + "?id=" + percent_encode(id));
}

}  // namespace quell::console
