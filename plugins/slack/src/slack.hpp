// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <quell/plugin.hpp>
#include <string>
#include <vector>

#include "inbound.hpp"
#include "people.hpp"
#include "slack_api.hpp"

namespace slack {

// Which sessions are ended; neither: all.
struct Scope {
    bool mobile_only = false;
    bool web_only = false;
};

// Reaches people in Slack, and ends their sessions there on Enterprise Grid. Calls may overlap.
class Slack : public quell::ChallengeChannel,
              public quell::InboundEvents,
              public quell::NotificationChannel,
              public quell::IdentityLookup,
              public quell::SessionRevocation,
              public quell::Health {
  public:
    static quell::Result<std::unique_ptr<Slack>> create(const quell::Settings& settings);
    Slack(SlackApi api, Inbound inbound, Scope scope, bool listens)
        : api_(std::move(api)), people_(api_), inbound_(std::move(inbound)), scope_(scope), listens_(listens) {}

    quell::Result<quell::SentChallenge> send(quell::Call& call, const quell::ChallengeMessage& challenge) override;
    quell::Result<void> update(quell::Call& call, const quell::EndedChallenge& challenge) override;
    quell::Result<void> cancel(quell::Call& call, const quell::WithdrawnChallenge& challenge) override;
    quell::Result<quell::InboundReply> handle(quell::Call& call, const quell::InboundRequest& request) override;
    quell::Result<quell::SentNotification> notify(quell::Call& call, const quell::Notification& notification) override;
    quell::Result<std::vector<quell::FoundUser>> find_user(quell::Call& call, const quell::Person& person) override;
    quell::Result<std::vector<quell::Account>> resolve(quell::Call& call, const quell::AccountLookup& lookup) override;
    quell::Result<std::vector<quell::AccountOutcome>> revoke(quell::Call& call,
                                                             const quell::RevokeRequest& request) override;
    quell::Result<quell::HealthReport> check(quell::Call& call) override;

  private:
    SlackApi api_;
    People people_;
    Inbound inbound_;
    Scope scope_;
    bool listens_;  // the app that asks people; else the one that ends sessions
};

}  // namespace slack
