// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "orders/order_rig.hpp"
#include "revocation/service.hpp"

namespace quell::revocation {

// Identity providers with accounts, a ledger of what was asked of them, and faults. Used on the rig's I/O thread while
// a call runs, and by the test between calls.
class FakeAccounts final : public AccountConnectors {
  public:
    enum class Fault { none, refuses, unknown_user, claims_unknown_user, loses_the_answer, hangs_before, hangs_after };

    void add(std::string key) { profiles_.push_back({ConnectorKey(std::move(key)), 1}); }
    void add_account(const std::string& connector, std::string id, std::string login) {
        plugins::Account account;
        account.provider_user_id = std::move(id);
        account.login = std::move(login);
        accounts_[connector].push_back(std::move(account));
    }
    void set_fault(Fault fault) { fault_ = fault; }
    void set_resolve_error(const std::string& connector, Error error) {
        resolve_errors_.insert_or_assign(connector, std::move(error));
    }
    const std::vector<std::string>& ledger() const { return ledger_; }
    int count(const std::string& prefix) const {
        return static_cast<int>(std::ranges::count_if(
            ledger_, [&](const std::string& line) { return line.starts_with(prefix); }));
    }
    orders::Gate& hanging() { return *hanging_; }

    std::span<const Profile> enabled(const TenantId&) const override { return profiles_; }

    base::Task<std::vector<plugins::Account>> resolve(const TenantId&, const ConnectorKey& key, std::string username,
                                                      plugins::CallOptions) override {
        ledger_.push_back("resolve " + key.str() + " " + username);
        if (const auto error = resolve_errors_.find(key.str()); error != resolve_errors_.end()) {
            co_return error->second;
        }
        std::vector<plugins::Account> found;
        for (const plugins::Account& account : accounts_[key.str()]) {
            if (account.login == username || account.email == username) {
                found.push_back(account);
            }
        }
        co_return found;
    }

    base::Task<std::vector<plugins::AccountOutcome>> revoke(const TenantId&, const ConnectorKey& key,
                                                            plugins::Revocation order,
                                                            plugins::CallOptions options) override {
        const Fault fault = fault_;
        if (fault == Fault::hangs_before) {
            co_return co_await hang(std::move(options));
        }
        CO_TRY_VOID(options.before_acting_request());
        ledger_.push_back("revoke " + key.str() + " " + order.user_ids.front());
        finish(options, fault);
        if (fault == Fault::hangs_after) {
            co_return co_await hang(std::move(options));
        }
        if (fault == Fault::loses_the_answer) {
            co_return Error(Code::deadline_exceeded, "deadline_exceeded", "no answer").retryable();
        }
        co_return std::vector<plugins::AccountOutcome>(1, answer(order.user_ids.front(), fault));
    }

  private:
    // The host's HTTP service tells how the acting request ended.
    static void finish(const plugins::CallOptions& options, Fault fault) {
        const bool is_lost = fault == Fault::loses_the_answer || fault == Fault::hangs_after;
        egress::RequestLine line;
        line.kind = egress::RequestKind::acting;
        line.status = is_lost                               ? 0
                      : fault == Fault::none                ? 204
                      : fault == Fault::claims_unknown_user ? 503
                      : fault == Fault::unknown_user        ? 404
                                                            : 403;
        line.sent_to_provider = true;
        if (options.request_finished) {
            options.request_finished(line);
        }
    }

    static plugins::AccountOutcome answer(const std::string& id, Fault fault) {
        plugins::AccountOutcome outcome;
        outcome.provider_user_id = id;
        outcome.confirmed = fault == Fault::none;
        outcome.outcome = fault == Fault::none ? "revoked" : fault == Fault::refuses ? "failed" : "user_not_found";
        if (fault == Fault::refuses) {
            outcome.error = Error(Code::permission_denied, "http_403", "The provider refused.");
        } else if (fault == Fault::unknown_user || fault == Fault::claims_unknown_user) {
            outcome.error = Error(Code::not_found, "user_not_found", "The user is gone.");
        }
        return outcome;
    }

    base::Task<std::vector<plugins::AccountOutcome>> hang(plugins::CallOptions options) {
        const std::shared_ptr<orders::Gate> gate = hanging_;
        const std::stop_callback wake(options.cancel, [gate] { gate->open(); });
        CO_TRY_VOID(co_await gate->pass());
        co_return Error(Code::cancelled, "deadline_exceeded", "cancelled");
    }

    std::vector<Profile> profiles_;
    std::map<std::string, std::vector<plugins::Account>> accounts_;
    std::map<std::string, Error> resolve_errors_;
    std::vector<std::string> ledger_;
    std::atomic<Fault> fault_ = Fault::none;
    std::shared_ptr<orders::Gate> hanging_ = std::make_shared<orders::Gate>();
};

// One tenant whose Alice has an account at two providers, and the use case over them.
class RevocationRig {
  public:
    RevocationRig() {
        config::TenantSettings& tenant = settings_.tenants[TenantId("acme")];
        tenant.id = TenantId("acme");
        tenant.session_revocation.enabled = true;
        tenant.session_revocation.allow_via_mcp = true;
        for (const char* key : {"okta", "slack_enterprise"}) {
            accounts_.add(key);
            tenant.connectors[ConnectorKey(key)].key = ConnectorKey(key);
        }
        accounts_.add_account("okta", "00u1", "alice@corp.example");
        accounts_.add_account("slack_enterprise", "W1", "alice@corp.example");
        attach();
        start();
    }
    ~RevocationRig() { rig_.close(); }

    // As after a crash; start() begins the recovery.
    void restart() {
        rig_.close();
        revocation_.reset();
        rig_.open();
        attach();
    }
    void start() {
        rig_.orders().serve(orders::Kind::revocation, {std::shared_ptr<void>(), &revocation_->actor()});
        orders::OrderRig::must_do(rig_.orders().start());
    }

    config::SessionRevocationSettings& settings() { return settings_.tenants[TenantId("acme")].session_revocation; }
    FakeAccounts& accounts() { return accounts_; }
    orders::OrderRig& rig() { return rig_; }
    Revocation& revocation() { return *revocation_; }
    const identity::Principal& principal() const { return principal_; }

    Result<json::Value> revoke(RevokeArguments arguments, Entry entry = Entry::mcp) {
        return rig_.run(revocation_->revoke(principal_, std::move(arguments), entry, {}));
    }
    Result<json::Value> look_up(const RequestId& id) { return rig_.run(revocation_->get(principal_, id)); }
    json::Value settled(const json::Value& request) {
        const RequestId id{std::string(json::text(request.at("request_id")))};
        return orders::OrderRig::must(rig_.run(revocation_->wait(principal_, id, std::chrono::seconds(30), {})));
    }

  private:
    void attach() {
        revocation_ = std::make_unique<Revocation>(
            Revocation::Services{.orders = rig_.orders(), .connectors = accounts_, .settings = settings_});
    }

    config::Settings settings_;
    FakeAccounts accounts_;
    orders::OrderRig rig_;
    std::unique_ptr<Revocation> revocation_;
    const identity::Principal principal_{.tenant = TenantId("acme"),
                                         .id = "client:agent",
                                         .label = "agent",
                                         .client = ClientId("agent"),
                                         .scopes = {}};
};

inline RevokeArguments alice(std::optional<std::vector<std::string>> targets = std::nullopt) {
    return {.username = "alice@corp.example",
            .integration_targets = std::move(targets),
            .reason = "stolen cookie",
            .dry_run = false,
            .idempotency_key = {}};
}

}  // namespace quell::revocation
