// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/commands.hpp"
#include "app/guarded.hpp"
#include "app/run_and_wait.hpp"
#include "base/duration.hpp"
#include "json/read.hpp"

namespace quell::app {
namespace {

using approvals::Approval;

json::Object describe(const Services& services, const Approval& approval) {
    return approvals::to_document(approval, services.guarded->approvals.now(), services.guarded->secrets.public_url());
}

Result<std::string> optional_text(const json::Object& arguments, std::string_view name) {
    TRY(const auto text, json::optional_string(arguments, name));
    return std::string(text.value_or(""));
}

Result<json::Value> decide(Services& services, const json::Object& arguments, const Actor& actor, bool approve) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(std::string id, text_argument(arguments, "approval_id"));
    approvals::Decision decision;
    decision.approve = approve;
    TRY(decision.reason, optional_text(arguments, "reason"));
    TRY(const std::string duration, optional_text(arguments, "duration"));
    if (!duration.empty()) {
        TRY(decision.duration, parse_duration(duration));
    }
    TRY(const auto decided, run_and_wait(services.guarded->approvals.decide(as_principal(tenant, actor), std::move(id), std::move(decision))));
    // The requester needs no token; whoever reads the terminal needs it less.
    return describe(services, decided.approval);
}

}  // namespace

Result<json::Value> list_approvals(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    approvals::Query query;
    TRY(query.status, optional_text(arguments, "status"));
    TRY(query.resource, optional_text(arguments, "resource"));
    TRY(query.limit, json::integer_member(arguments, "count"));
    TRY(const approvals::Page page, services.guarded->approvals.list(as_principal(tenant, actor), query));
    json::Array rows;
    for (const Approval& approval : page.approvals) {
        rows.push_back(describe(services, approval));
    }
    return rows;
}

Result<json::Value> show_approval(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string id, text_argument(arguments, "approval_id"));
    TRY(const Approval approval, services.guarded->approvals.get(as_principal(tenant, actor), id));
    return describe(services, approval);
}

Result<json::Value> approve_approval(Services& services, const json::Object& arguments, const Actor& actor) {
    return decide(services, arguments, actor, true);
}

Result<json::Value> deny_approval(Services& services, const json::Object& arguments, const Actor& actor) {
    return decide(services, arguments, actor, false);
}

}  // namespace quell::app
