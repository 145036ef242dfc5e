// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "approvals/service.hpp"
#include "identity/temporary_host.hpp"

namespace quell::approvals {

using namespace std::chrono_literals;

// The engine over a store of its own, at a time that the test sets, with people of the tenant acme.
struct ApprovalsRig {
    identity::TemporaryHost host;
    config::ApprovalSettings settings;
    Service service{{.store = *host.store,
                     .trail = host.trail,
                     .settings = [this](const TenantId&) { return settings; },
                     .now = host.clock_of_test()}};

    static identity::Principal person(const identity::User& user, std::string tenant = "acme") {
        return {.tenant = TenantId(std::move(tenant)),
                .id = "user:" + user.id.str(),
                .label = user.email,
                .client = {},
                .scopes = identity::ScopeSet::all()};
    }
    identity::Principal add(const std::string& email, identity::Role role = identity::Role::analyst) {
        return person(host.add_user(email, role));
    }
    static identity::Principal machine(std::string id = "machine-1") {
        return {.tenant = TenantId("acme"), .id = "client:" + id, .label = "Machine", .client = ClientId(id),
                .scopes = identity::ScopeSet::all()};
    }
    static Wish wish(std::string resource = "vsecure://secrets/production/DATABASE_URL") {
        Wish out;
        out.kind = "secret";
        out.resource = std::move(resource);
        out.operation = "read";
        out.reason = "Incident 4711";
        return out;
    }

    Result<Approval> ask(const identity::Principal& requester, const Wish& what) { return host.run(service.request(requester, what)); }
    Result<Decided> decide(const identity::Principal& decider, const std::string& id, bool approve,
                           std::optional<std::chrono::seconds> duration = {}) {
        Decision decision;
        decision.approve = approve;
        decision.reason = "Seen";
        decision.duration = duration;
        return host.run(service.decide(decider, id, decision));
    }
    bool may(const identity::Principal& requester, const Wish& what) {
        return host.store->read([&](store::Reader& reader) { return service.live_grant(reader, requester, what); }).value().has_value();
    }
    Result<void> use(const Approval& grant) {
        return host.store->write_and_wait<void>([&](store::Transaction& transaction) { return service.use(transaction, grant); });
    }
    std::int64_t expire() {
        return host.store->write_and_wait<std::int64_t>([&](store::Transaction& transaction) { return service.expire(transaction, 100); })
            .value();
    }
    // Behind what is queued.
    std::size_t events(std::string_view event) const {
        static_cast<void>(host.store->write_and_wait<void>([](store::Transaction&) { return Result<void>(); }));
        audit::Filter filter;
        filter.event = event;
        return host.trail.tail(TenantId("acme"), 100, filter).value().size();
    }
};

template <class T>
std::string key_of(const Result<T>& result) {
    return result ? "ok" : result.error()->key;
}

}  // namespace quell::approvals
