// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <stop_token>
#include <string>

#include "config/settings.hpp"
#include "identity/principal.hpp"
#include "orders/orders.hpp"
#include "policy/entry.hpp"
#include "revocation/account_actor.hpp"
#include "revocation/account_connectors.hpp"
#include "revocation/arguments.hpp"
#include "revocation/resolution.hpp"

namespace quell::revocation {

using policy::Entry;

// Keys of connectors that the product knows.
inline constexpr std::array<std::string_view, 2> kReservedKeys = {"okta", "slack_enterprise"};

// The use case behind revoke_sessions, its look-ups and its capabilities, for every door. The caller has checked the
// scope. Owned by app; all references outlive it; any thread, Tasks on any io_context. Documents are those of
// INTERFACES.md 1 as JSON text, errors its keys. An error means that nothing was ordered.
class Revocation {
  public:
    struct Services {
        orders::Orders& orders;
        AccountConnectors& connectors;
        const config::Settings& settings;
    };
    explicit Revocation(const Services& services);

    // For Orders::serve; lives as long as this does.
    orders::Actor& actor() { return actor_; }

    // `stop` (the client left) ends resolving; a durable order goes on. `principal` outlives the task.
    base::Task<std::string> revoke(const identity::Principal& principal, RevokeArguments arguments, Entry entry,
                                   std::stop_token stop);
    // The same from a document; refuses arguments as read_arguments() does.
    base::Task<std::string> revoke(const identity::Principal& principal, const json::Object& arguments, Entry entry,
                                   std::stop_token stop);

    Result<json::Value> capabilities(const identity::Principal& principal, Entry entry) const;
    // Whether revoke_sessions is offered through this door (tools/list).
    Result<void> check_usable(const TenantId& tenant, Entry entry) const;

    // request_not_found for an unknown id and another tenant's alike (TN-01).
    base::Task<std::string> get(const identity::Principal& principal, RequestId id) const;
    base::Task<std::string> wait(const identity::Principal& principal, RequestId id, Millis time,
                                 std::stop_token stop) const;
    // {"requests": [...]}, newest first.
    Result<std::string> list(const identity::Principal& principal, const RequestId& before, std::int64_t limit) const;

  private:
    struct Call;
    base::Task<std::string> run(const Call& call, std::stop_token stop);
    static orders::Order new_order(const Call& call);
    Result<std::string> keep_dry_run(const Call& call, std::vector<Found> found);
    base::Task<std::string> place(const Call& call, std::vector<Found> found, std::stop_token stop);
    Result<const config::TenantSettings*> tenant(const TenantId& id) const;
    void fill(orders::Order& order, std::vector<Found> found, const Call& call) const;

    const Services in_;
    AccountActor actor_;
};

}  // namespace quell::revocation
