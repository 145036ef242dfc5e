// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <memory>
#include <variant>

#include "approvals/service.hpp"
#include "config/settings.hpp"
#include "secrets/access.hpp"
#include "secrets/access_log.hpp"

namespace quell::secrets {

// A tenant's settings at this moment; empty ones for a tenant that has none.
using PresentSettings = std::function<std::shared_ptr<const config::TenantSettings>(const TenantId& tenant)>;

// Decides, in the transaction of one access, whether it may be: the most specific rule, its permissions, the live grant or a
// request for one. Whatever comes of it is one audit record and one row of the log of accesses (A09, AP-07).
class Gate {
  public:
    Gate(approvals::Service& approvals, audit::Trail& trail, AccessLog& log, PresentSettings settings)
        : approvals_(approvals), trail_(trail), log_(log), settings_(std::move(settings)) {}

    // May; has to wait for people; or may not. The last two are no failures: they are recorded as well.
    using Verdict = std::variant<Permit, approvals::Approval, Error>;
    Result<Verdict> judge(store::Transaction& transaction, const Access& access, const ResourceUri& uri, Operation operation);
    // The same with the grant that a token stands for; the caller is the grant's requester.
    Result<Verdict> judge_grant(store::Transaction& transaction, const Access& access, const ResourceUri& uri,
                                const approvals::Approval& grant);

    // A change by the operator of this host: for a resource that a rule names, recorded, without approval.
    Result<Permit> pass_operator(store::Transaction& transaction, const Access& access, const ResourceUri& uri);

    // Asks for approval without trying the access; reason and rule as there.
    Result<approvals::Approval> ask(store::Transaction& transaction, const Access& access, const ResourceUri& uri, Operation operation);

    // The rule for a resource; resource_not_found if there is none.
    Result<config::SecretRule> rule_for(store::Reader& reader, const TenantId& tenant, const ResourceUri& uri) const;

  private:
    Result<Verdict> decide(store::Transaction& transaction, const Access& access, const ResourceUri& uri, Operation operation);
    Result<Verdict> permit(store::Transaction& transaction, const Access& access, const ResourceUri& uri, config::SecretRule rule,
                           std::optional<approvals::Approval> grant);
    Result<approvals::Wish> wish_of(const Access& access, const ResourceUri& uri, Operation operation, const config::SecretRule& rule) const;
    Result<void> record(store::Transaction& transaction, const Access& access, const ResourceUri& uri, Operation operation,
                        const Verdict& verdict);

    approvals::Service& approvals_;
    audit::Trail& trail_;
    AccessLog& log_;
    PresentSettings settings_;
};

}  // namespace quell::secrets
