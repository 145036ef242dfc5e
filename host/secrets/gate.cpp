// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "secrets/gate.hpp"

#include <algorithm>

#include "approvals/reason.hpp"
#include "config/secret_rule.hpp"
#include "secrets/rules.hpp"
#include "store/secrets.hpp"

namespace quell::secrets {
namespace {

using approvals::Approval;
using approvals::Wish;

Error resource_not_found() {
    return Error(Code::not_found, "resource_not_found", "No rule of your tenant allows this resource.")
        .next_step("list_secret_resources names what there is.");
}

Error not_permitted(Operation operation) {
    return Error(Code::permission_denied, "operation_not_permitted",
                 "The rule for this resource does not allow to " + std::string(to_string(operation)) + " it.")
        .next_step("Only an administrator can change the rule.");
}

// AP-03
Error approval_mismatch() {
    return Error(Code::permission_denied, "approval_mismatch",
                 "That approval is for another resource, operation or requester, or has ended.")
        .next_step("Leave `approval_id` out to use or ask for the right one.");
}

// L18: the agent sees the reason.
Error approval_denied(const Approval& denial) {
    return Error(Code::permission_denied, "approval_denied",
                 "This was denied" + (denial.decision_reason.value_or("").empty() ? std::string(".") : ": " + *denial.decision_reason))
        .candidates({{{"approvalId", denial.id}, {"status", denial.status}, {"resource", denial.resource}}})
        .next_step("Do without it, or say with request_approval why it is needed all the same.");
}

bool is_for(const Approval& approval, const Wish& wish, const identity::Principal& caller) {
    return approval.kind == wish.kind && approval.resource == wish.resource && approval.operation == wish.operation &&
           approval.requester == caller.id;
}

}  // namespace

Result<config::SecretRule> Gate::rule_for(store::Reader& reader, const TenantId& tenant, const ResourceUri& uri) const {
    const auto settings = settings_(tenant);
    TRY(const auto all, rules_of(reader, tenant, settings->secrets, settings->approvals));
    const config::SecretRule* const rule = find_rule(all, uri);
    if (rule == nullptr) {
        return resource_not_found();
    }
    return *rule;
}

// L04: an hour where nothing else is asked for; never longer than the rule allows.
Result<Wish> Gate::wish_of(const Access& access, const ResourceUri& uri, Operation operation, const config::SecretRule& rule) const {
    const auto settings = settings_(access.caller.tenant);
    const std::chrono::seconds longest = rule.longest.value_or(settings->secrets.longest);
    const std::chrono::seconds ttl = access.ttl.value_or(std::min(settings->secrets.ttl, longest));
    if (ttl < config::kShortestAccess || ttl > longest) {
        return invalid_arguments("`ttl` must be 60 to " + std::to_string(longest.count()) + " seconds for this resource.");
    }
    Wish wish;
    wish.kind = "secret";
    wish.resource = uri.text();
    wish.operation = to_string(operation);
    wish.reason = access.reason;
    wish.ttl = ttl;
    wish.single_use = operation == Operation::write;  // an action: one approval, one change
    wish.requested_by = access.requested_by;
    wish.approvers = rule.approvers;
    wish.reason_rule = rule.reason;
    wish.auto_approval = rule.auto_approval;
    return wish;
}

Result<Approval> Gate::ask(store::Transaction& transaction, const Access& access, const ResourceUri& uri, Operation operation) {
    TRY(const config::SecretRule rule, rule_for(transaction, access.caller.tenant, uri));
    if (!(operation == Operation::read ? rule.may_read : rule.may_write)) {
        return not_permitted(operation);
    }
    TRY(Wish wish, wish_of(access, uri, operation, rule));
    // Without a rule that wants one, the wish is granted as if somebody had said yes.
    if (!rule.requires_approval) {
        wish.auto_approval = {};
        wish.auto_approval.enabled = true;
    }
    return approvals_.request(transaction, access.caller, wish);
}

Result<Gate::Verdict> Gate::judge(store::Transaction& transaction, const Access& access, const ResourceUri& uri, Operation operation) {
    TRY(Verdict verdict, decide(transaction, access, uri, operation));
    TRY_VOID(record(transaction, access, uri, operation, verdict));
    return verdict;
}

Result<Gate::Verdict> Gate::decide(store::Transaction& transaction, const Access& access, const ResourceUri& uri, Operation operation) {
    auto rule = rule_for(transaction, access.caller.tenant, uri);
    if (!rule) {
        return rule.error()->code == Code::not_found ? Result<Verdict>(Verdict(rule.error())) : Result<Verdict>(rule.error());
    }
    if (!(operation == Operation::read ? rule->may_read : rule->may_write)) {
        return Verdict(not_permitted(operation));
    }
    const auto wish = wish_of(access, uri, operation, *rule);
    if (!wish) {
        return Verdict(wish.error());
    }
    if (!rule->requires_approval) {
        const auto said = approvals::check_reason(access.reason, rule->reason);
        return said ? permit(transaction, access, uri, *std::move(rule), {}) : Result<Verdict>(Verdict(said.error()));
    }
    if (!access.approval_id.empty()) {
        TRY(const auto meant, store::find_approval(transaction, access.caller.tenant, access.approval_id));
        if (!meant || !is_for(*meant, *wish, access.caller)) {
            return Verdict(approval_mismatch());
        }
    }
    TRY(auto grant, approvals_.live_grant(transaction, access.caller, *wish));
    if (grant) {
        return permit(transaction, access, uri, *std::move(rule), std::move(grant));
    }
    TRY(const auto denial, approvals_.live_denial(transaction, access.caller, *wish));
    if (denial) {
        return Verdict(approval_denied(*denial));
    }
    auto asked = approvals_.request(transaction, access.caller, *wish);
    if (!asked) {
        const Code code = asked.error()->code;
        const bool is_refusal = code == Code::invalid_argument || code == Code::resource_exhausted;
        return is_refusal ? Result<Verdict>(Verdict(asked.error())) : Result<Verdict>(asked.error());
    }
    if (asked->status == "approved") {
        return permit(transaction, access, uri, *std::move(rule), *std::move(asked));
    }
    return Verdict(*std::move(asked));
}

Result<Gate::Verdict> Gate::judge_grant(store::Transaction& transaction, const Access& access, const ResourceUri& uri,
                                        const Approval& grant) {
    auto rule = rule_for(transaction, grant.tenant, uri);
    // A06: a token for one resource opens no other, and never writes.
    const bool fits = rule && rule->may_read && grant.kind == "secret" && grant.resource == uri.text() && grant.operation == "read";
    Verdict verdict = approval_mismatch();
    if (fits) {
        TRY(verdict, permit(transaction, access, uri, *std::move(rule), grant));
    }
    TRY_VOID(record(transaction, access, uri, Operation::read, verdict));
    return verdict;
}

Result<Permit> Gate::pass_operator(store::Transaction& transaction, const Access& access, const ResourceUri& uri) {
    TRY(config::SecretRule rule, rule_for(transaction, access.caller.tenant, uri));
    TRY(Verdict verdict, permit(transaction, access, uri, std::move(rule), {}));
    TRY_VOID(record(transaction, access, uri, Operation::write, verdict));
    return std::get<Permit>(std::move(verdict));
}

Result<Gate::Verdict> Gate::permit(store::Transaction& transaction, const Access& access, const ResourceUri& uri, config::SecretRule rule,
                                   std::optional<Approval> grant) {
    if (grant) {
        if (const auto used = approvals_.use(transaction, *grant); !used) {
            return used.error()->code == Code::permission_denied ? Result<Verdict>(Verdict(used.error())) : Result<Verdict>(used.error());
        }
    }
    TRY(const std::int64_t accesses, store::count_secret_access(transaction, access.caller.tenant, uri.text()));
    return Verdict(Permit{std::move(rule), std::move(grant), accesses, approvals_.now()});
}

Result<void> Gate::record(store::Transaction& transaction, const Access& access, const ResourceUri& uri, Operation operation,
                          const Verdict& verdict) {
    const auto* const permitted = std::get_if<Permit>(&verdict);
    const auto* const waiting = std::get_if<Approval>(&verdict);
    const auto* const refused = std::get_if<Error>(&verdict);
    const std::string approval = waiting ? waiting->id : permitted && permitted->grant ? permitted->grant->id : std::string();
    const std::string outcome = refused ? (*refused)->key : waiting ? std::string("approval_required") : std::string("ok");
    audit::Record entry{.tenant = access.caller.tenant,
                        .event = permitted ? "secret_accessed" : "secret_refused",
                        .actor = access.caller.id,
                        .request_id = approval,
                        .outcome = outcome,
                        .detail = {{"resource", uri.text()}, {"operation", to_string(operation)}, {"by", access.caller.label}}};
    TRY_VOID(trail_.append(transaction, entry));
    if (permitted) {
        TRY_VOID(log_.check_alerts(transaction, access.caller.tenant, uri, settings_(access.caller.tenant)->secrets.alerts));
    }
    return log_.add(transaction, access, {.action = permitted ? "resource_accessed" : "operation_failed",
                                          .resource = uri.text(),
                                          .operation = std::string(to_string(operation)),
                                          .approval_id = approval,
                                          .outcome = outcome});
}

}  // namespace quell::secrets
