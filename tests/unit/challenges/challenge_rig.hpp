// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/failed.hpp"
#include "challenges/service.hpp"
#include "challenges/upkeep.hpp"
#include "challenges/verification.hpp"
#include "orders/order_rig.hpp"
#include "store/users.hpp"

namespace quell::challenges {

// A connector that asks people, without a provider. Answers with `failure` while it is set.
class FakeChannels final : public Channels {
  public:
    std::vector<ConnectorKey> enabled(const TenantId& tenant) const override {
        return tenant == TenantId("acme") ? keys : std::vector<ConnectorKey>();
    }
    base::Task<Sent> send(TenantId, ConnectorKey, Question question, TraceContext) override {
        questions.push_back(std::move(question));
        if (failure) {
            return base::failed<Sent>(*failure);
        }
        return reply(Sent{.message = "D1:170.1", .target_user_id = "U0ALICE", .requester_user_id = "U0BOT"});
    }
    base::Task<void> update(TenantId, ConnectorKey, Closing closing) override {
        closings.push_back(std::move(closing));
        return failure ? base::failed<void>(*failure) : done();
    }
    base::Task<void> cancel(TenantId, ConnectorKey, ChallengeId, std::string message) override {
        cancelled.push_back(std::move(message));
        return done();
    }

    std::vector<ConnectorKey> keys;
    std::optional<Error> failure;
    std::vector<Question> questions;
    std::vector<Closing> closings;
    std::vector<std::string> cancelled;

  private:
    static base::Task<Sent> reply(Sent sent) { co_return sent; }
    static base::Task<void> done() { co_return Result<void>(); }
};

// A tenant with alice@corp.example, a user of this host, and the use case over the real store.
class ChallengeRig {
  public:
    ChallengeRig() {
        for (const char* tenant : {"acme", "globex"}) {
            settings_.tenants[TenantId(tenant)].id = TenantId(tenant);
        }
        settings_.server.public_url = "https://quell.example";
        add_user("alice@corp.example", "acme");
        attach();
    }
    ~ChallengeRig() { rig_.close(); }

    // As after a crash; the next round is a new process's.
    void restart() {
        detach();
        rig_.close();
        rig_.open();
        attach();
        orders::OrderRig::must_do(upkeep_->start());
        upkeep_->stop();
        upkeep_ = make_upkeep();
    }

    config::ChallengeSettings& settings() { return settings_.tenants[TenantId("acme")].challenges; }
    FakeChannels& channels() { return channels_; }
    orders::OrderRig& rig() { return rig_; }
    Challenges& challenges() { return *challenges_; }
    std::vector<Callback> callbacks() const { return callbacks_; }
    void break_callbacks() { callbacks_fail_ = true; }
    std::string metrics() const { return metrics_.text(); }

    void add_user(std::string email, std::string tenant) {
        const UserId id(email);  // any text that nobody else has
        orders::OrderRig::must_do(rig_.store().write_and_wait<void>([&](store::Transaction& transaction) -> Result<void> {
            TRY_VOID(store::insert_user(transaction, {.id = id, .email = email, .password_hash = "x"}));
            return store::insert_membership(transaction, {.user = id, .tenant = TenantId(tenant), .role = "viewer"});
        }));
    }

    Result<json::Value> create(const json::Object& arguments, Entry entry = Entry::mcp) {
        return rig_.run(challenges_->create(principal_, arguments, entry));
    }
    json::Value created(const json::Object& arguments, Entry entry = Entry::mcp) {
        return orders::OrderRig::must(create(arguments, entry));
    }
    json::Value look_up(const json::Value& challenge) {
        return orders::OrderRig::must(orders::OrderRig::read(challenges_->get(principal_, id_of(challenge))));
    }
    Result<State> answer(const json::Value& challenge, Answer answer, std::string tenant = "acme") {
        return rig_.run(challenges_->answer(TenantId(std::move(tenant)), id_of(challenge), std::move(answer)));
    }
    Result<json::Value> cancel(const json::Value& challenge) {
        return rig_.run(challenges_->cancel(principal_, id_of(challenge)));
    }
    void round() { orders::OrderRig::must_do(rig_.run(upkeep_->round())); }
    void pass(Millis time) { rig_.clock().advance(time); }

    // The state that the answer led to.
    State answered(const json::Value& challenge, Answer given) {
        return orders::OrderRig::must(answer(challenge, std::move(given)));
    }

    static identity::Principal someone(std::string tenant, std::string id, std::string label) {
        identity::Principal principal;
        principal.tenant = TenantId(std::move(tenant));
        principal.id = std::move(id);
        principal.label = std::move(label);
        return principal;
    }
    static ChallengeId id_of(const json::Value& challenge) {
        return ChallengeId(std::string(json::text(challenge.at("challenge_id"))));
    }
    static std::string token_of(const json::Value& challenge) {
        const std::string url(json::text(challenge.at("verification_url")));
        return url.substr(url.rfind('/') + 1);
    }

  private:
    void attach() {
        endings_ = std::make_unique<Endings>(rig_.trail(), metrics_, [this](store::Transaction&, const Callback& callback) {
            if (callbacks_fail_) {
                return Result<void>(internal_error("no room"));
            }
            callbacks_.push_back(callback);
            return Result<void>();
        });
        challenges_ = std::make_unique<Challenges>(Challenges::Services{.store = rig_.store(),
                                                                        .trail = rig_.trail(),
                                                                        .endings = *endings_,
                                                                        .channels = channels_,
                                                                        .settings = settings_,
                                                                        .key = rig_.key(),
                                                                        .now = [this] { return rig_.clock().now(); }});
        upkeep_ = make_upkeep();
    }
    std::unique_ptr<Upkeep> make_upkeep() {
        return std::make_unique<Upkeep>(rig_.store(), *endings_,
                                        [this] { return std::shared_ptr<Channels>(std::shared_ptr<void>(), &channels_); },
                                        rig_.executor(), [this] { return rig_.clock().now(); });
    }
    void detach() {
        upkeep_.reset();
        challenges_.reset();
        endings_.reset();
    }

    config::Settings settings_;
    FakeChannels channels_;
    metrics::Registry metrics_;
    std::vector<Callback> callbacks_;
    bool callbacks_fail_ = false;
    orders::OrderRig rig_;
    std::unique_ptr<Endings> endings_;
    std::unique_ptr<Challenges> challenges_;
    std::unique_ptr<Upkeep> upkeep_;
    const identity::Principal principal_ = someone("acme", "client:agent", "Agent");
};

inline json::Object for_alice() { return {{"target_user_email", "alice@corp.example"}}; }

template <class T>
json::Object for_alice(std::string_view name, const T& value) {
    json::Object arguments = for_alice();
    arguments[name] = value;
    return arguments;
}

inline Answer by_login(State state, std::string email = "alice@corp.example") {
    return {.state = state, .proof = Proof::openid_login, .person = {.user_id = {}, .email = std::move(email)}};
}

inline Answer in_slack(State state, std::string user = "U0ALICE") {
    return {.state = state,
            .proof = Proof::channel_account,
            .person = {.user_id = std::move(user), .email = {}},
            .channel = ConnectorKey("slack")};
}

inline std::string text_of(const json::Value& value) { return std::string(json::text(value)); }
inline std::string status_of(const json::Value& challenge) { return text_of(challenge.at("status")); }

}  // namespace quell::challenges
