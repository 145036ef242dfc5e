// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "approvals/approvals_rig.hpp"
#include "secrets/service.hpp"

namespace quell::secrets {

using namespace std::chrono_literals;
using approvals::ApprovalsRig;

inline crypto::SealingKey key_of(char letter) { return crypto::SealingKey::make(SecretString(std::string(32, letter))).value(); }

inline KeyRing ring_of(std::string_view letters) {
    std::vector<crypto::SealingKey> keys;
    for (const char letter : letters) {
        keys.push_back(key_of(letter));
    }
    return KeyRing(std::move(keys));
}

// A backend that a test looks into.
class FakeBackend final : public Backend {
  public:
    base::Task<Value> read(Location where) override {
        asked.push_back(where.tenant.str() + ":" + where.path + "#" + where.field);
        if (failure) {
            co_return *failure;
        }
        co_return Value{.text = SecretString("from the backend"), .version = "7"};
    }
    base::Task<Written> write(Location where, SecretString) override {
        asked.push_back(where.path);
        co_return Written{"8"};
    }
    base::Task<Written> rotate(Location where) override {
        asked.push_back(where.path);
        co_return Written{"9"};
    }
    base::Task<void> revoke(TenantId, std::string) override { co_return Result<void>(); }

    std::vector<std::string> asked;
    std::optional<Error> failure;
};

class FakeBackends final : public Backends {
  public:
    std::shared_ptr<Backend> find(const TenantId& tenant, std::string_view connector) const override {
        return tenant.str() == "acme" && connector == "vault" ? vault : nullptr;
    }
    std::shared_ptr<FakeBackend> vault = std::make_shared<FakeBackend>();
};

// The whole of guarded secrets over a store of its own, at a time that the test sets.
struct SecretsRig : ApprovalsRig {
    std::shared_ptr<config::TenantSettings> tenant = std::make_shared<config::TenantSettings>();
    metrics::Registry metrics;
    AccessLog log{*host.store, host.trail, metrics, host.clock_of_test()};
    KeyRing keys = ring_of("s");
    BuiltIn built_in{*host.store, keys, host.clock_of_test()};
    FakeBackends backends;
    Service secrets{{.store = *host.store,
                     .trail = host.trail,
                     .approvals = service,
                     .log = log,
                     .built_in = built_in,
                     .backends = backends,
                     .settings = [this](const TenantId&) { return tenant; },
                     .public_url = "https://quell.example"}};
    identity::Principal admin = add("admin@acme.example", identity::Role::admin);
    identity::Principal agent = machine();

    SecretsRig() {
        service.listen([this](store::Transaction& transaction, approvals::Event event, const approvals::Approval& approval) {
            return log.note(transaction, event, approval);
        });
    }

    config::SecretRule& add_rule(std::string_view pattern, bool requires_approval = true) {
        tenant->secrets.rules.push_back({.pattern = ResourcePattern::parse(pattern).value()});
        config::SecretRule& rule = tenant->secrets.rules.back();
        rule.may_write = true;
        rule.requires_approval = requires_approval;
        return rule;
    }
    Access access(std::string resource, std::string reason = "Incident 4711") {
        Access out{.caller = agent};
        out.resource = std::move(resource);
        out.reason = std::move(reason);
        return out;
    }
    Result<Reading> read(std::string resource) { return host.run(secrets.read(access(std::move(resource)))); }
    std::string put(std::string resource, std::string value) {
        Access by_operator = access(std::move(resource));
        by_operator.caller.id = "uid:0";
        return host.run(secrets.put_by_operator(by_operator, std::optional(SecretString(std::move(value))))).value();
    }
    // Reads, is told to wait, and is approved.
    std::string approved(const std::string& resource) {
        const auto first = read(resource);
        const std::string id = approval_of(first);
        decide(admin, id, true).value();
        return id;
    }
    template <class T>
    static std::string approval_of(const Result<T>& refused) {
        for (const auto& [name, value] : refused.error()->candidates.at(0)) {
            if (name == "approvalId") {
                return value;
            }
        }
        return "";
    }
    std::vector<store::AccessRow> rows(LogQuery query = {}) { return log.list(TenantId("acme"), query).value().rows; }
};

template <class T>
std::string key_of(const Result<T>& result) {
    return result ? "ok" : result.error()->key;
}

}  // namespace quell::secrets
