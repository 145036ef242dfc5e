// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/serialize.hpp"
#include "secrets/rule_document.hpp"
#include "secrets/service.hpp"

namespace quell::secrets {

// TN-03: a scope alone does not make an administrator.
base::Task<void> Service::check_administrator(const identity::Principal& caller) const {
    CO_TRY(const approvals::Decider who, in_.store.read([&](store::Reader& reader) { return approvals::decider_of(reader, caller); }));
    if (!who.is_administrator()) {
        co_return Error(Code::permission_denied, "administrator_only", "Only administrators of the tenant change rules for secrets.");
    }
    co_return Result<void>();
}

base::Task<config::SecretRule> Service::configure(identity::Principal caller, config::SecretRule rule) {
    CO_TRY_VOID(co_await check_administrator(caller));
    const auto settings = in_.settings(caller.tenant);
    for (const config::SecretRule& fixed : settings->secrets.rules) {
        if (fixed.pattern.shape() == rule.pattern.shape()) {
            co_return Error(Code::already_exists, "rule_in_settings", "The settings of the tenant hold the rule for this pattern.")
                .next_step("Change it in the tenant's file, line " + std::to_string(fixed.position.line) + ".");
        }
    }
    const store::SecretRuleRow row{.shape = rule.pattern.shape(), .document = json::serialize(to_document(rule))};
    auto work = [this, caller, row](store::Transaction& transaction) -> Result<void> {
        TRY_VOID(store::save_secret_rule(transaction, caller.tenant, row, caller.id, in_.approvals.now()));
        return in_.trail.append(transaction, audit::Record{.tenant = caller.tenant,
                                                           .event = "secret_rule_saved",
                                                           .actor = caller.id,
                                                           .request_id = {},
                                                           .outcome = "ok",
                                                           .detail = {{"rule", row.document}, {"by", caller.label}}});
    };
    CO_TRY_VOID(co_await in_.store.write<void>(std::move(work)));
    co_return rule;
}

base::Task<void> Service::remove_rule(identity::Principal caller, std::string uri) {
    CO_TRY_VOID(co_await check_administrator(caller));
    CO_TRY(const ResourcePattern pattern, ResourcePattern::parse(uri));
    auto work = [this, caller, shape = pattern.shape(), text = pattern.text()](store::Transaction& transaction) -> Result<bool> {
        TRY(const bool was_there, store::delete_secret_rule(transaction, caller.tenant, shape));
        if (was_there) {
            TRY_VOID(in_.trail.append(transaction, audit::Record{.tenant = caller.tenant,
                                                                 .event = "secret_rule_removed",
                                                                 .actor = caller.id,
                                                                 .request_id = {},
                                                                 .outcome = "ok",
                                                                 .detail = {{"uri", text}, {"by", caller.label}}}));
        }
        return was_there;
    };
    CO_TRY(const bool was_there, co_await in_.store.write<bool>(std::move(work)));
    co_return was_there ? Result<void>()
                        : Result<void>(Error(Code::not_found, "resource_not_found", "There is no such rule that was made here."));
}

}  // namespace quell::secrets
