// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <algorithm>

#include "app/doctor.hpp"
#include "app/guarded.hpp"
#include "approvals/deciders.hpp"
#include "secrets/rules.hpp"
#include "store/users.hpp"

namespace quell::app {
namespace {

Finding unreadable(const TenantId& tenant) {
    return {.name = "approvals " + tenant.str(), .ok = false, .message = "The store cannot be read.", .next_step = "See the other findings."};
}

// Who may decide about a rule's resources; the requester cannot be one of them, so two are better than one.
Result<std::size_t> count_approvers(store::Reader& reader, const TenantId& tenant, const config::SecretRule& rule,
                                    const config::ApprovalSettings& settings) {
    TRY(const auto members, store::list_members(reader, tenant));
    return static_cast<std::size_t>(std::count_if(members.begin(), members.end(), [&](const store::MemberRow& member) {
        const approvals::Decider decider{.id = "user:" + member.user.id.str(), .email = member.user.email, .role = member.role};
        return member.user.active && approvals::is_approver(decider, rule.approvers, settings);
    }));
}

Finding approvers_finding(const TenantId& tenant, const config::SecretRule& rule, std::size_t count) {
    const std::string name = "approvers " + tenant.str() + " " + rule.pattern.text();
    if (count > 1) {
        return {.name = name, .ok = true, .message = std::to_string(count) + " people can approve."};
    }
    if (count == 1) {
        return {.name = name, .ok = true, .message = "One person can approve, and nobody what that person asks for."};
    }
    return {.name = name,
            .ok = false,
            .message = "Nobody of the tenant can approve: every request will wait until it expires.",
            .next_step = "Correct `approvers` of this rule, or add the people with `quell user add`."};
}

Finding waiting_finding(const TenantId& tenant, const std::vector<store::ApprovalRow>& waiting) {
    return {.name = "approvals " + tenant.str(),
            .ok = true,
            .message = std::to_string(waiting.size()) + " requests wait for a decision: quell approvals list --status pending."};
}

Finding keys_finding(const secrets::KeyRing& keys, const std::vector<store::SecretVersionRow>& otherwise) {
    if (otherwise.empty()) {
        return {.name = "secret store keys", .ok = true, .message = "Every value is sealed with the present key."};
    }
    const bool opens = std::all_of(otherwise.begin(), otherwise.end(), [&](const store::SecretVersionRow& row) { return keys.has(row.key_id); });
    if (opens) {
        return {.name = "secret store keys",
                .ok = true,
                .message = "Some values are sealed with an earlier key; `quell secret rekey` seals them with the present one."};
    }
    return {.name = "secret store keys",
            .ok = false,
            .message = "Some values are sealed with a key that the host does not have.",
            .next_step = "Put the earlier key into `previous_keys` of [secret_store]."};
}

Result<std::vector<Finding>> examine_tenant(store::Reader& reader, const config::TenantSettings& tenant, WallTime now) {
    std::vector<Finding> found;
    TRY(const auto rules, secrets::rules_of(reader, tenant.id, tenant.secrets, tenant.approvals));
    for (const config::SecretRule& rule : rules) {
        if (rule.requires_approval && (rule.may_read || rule.may_write)) {
            TRY(const std::size_t count, count_approvers(reader, tenant.id, rule, tenant.approvals));
            found.push_back(approvers_finding(tenant.id, rule, count));
        }
    }
    if (!rules.empty()) {
        const store::ApprovalQuery pending{.status = "pending", .resource = {}, .requester = {}, .before_time = {}, .before_id = {},
                                           .limit = 1'000};
        TRY(const auto waiting, store::list_approvals(reader, tenant.id, pending, now));
        found.push_back(waiting_finding(tenant.id, waiting));
    }
    return found;
}

}  // namespace

// L37
std::vector<Finding> examine_secrets(Services& services) {
    std::vector<Finding> found;
    const auto deployment = services.deployment();
    for (const auto& [id, tenant] : deployment->settings.tenants) {
        auto some = services.store->read(
            [&](store::Reader& reader) { return examine_tenant(reader, tenant, services.guarded->approvals.now()); });
        if (!some) {
            found.push_back(unreadable(id));
            continue;
        }
        std::move(some->begin(), some->end(), std::back_inserter(found));
    }
    const auto otherwise = services.store->read([&](store::Reader& reader) {
        return store::list_sealed_otherwise(reader, services.guarded->keys.present_id(), 1'000);
    });
    if (otherwise) {
        found.push_back(keys_finding(services.guarded->keys, *otherwise));
    }
    return found;
}

}  // namespace quell::app
