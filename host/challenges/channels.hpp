// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/trace_context.hpp"
#include "challenges/terms.hpp"
#include "store/challenges.hpp"

namespace quell::challenges {

// A person as a channel may know one; at least one member is there for a target.
struct Person {
    std::optional<std::string> user_id;  // the provider's
    std::optional<std::string> email;
};

// Who asks. Without an id and an address the channel's own user is the requester (V38).
struct Requester {
    Person person;
    std::string label;  // to show; empty never
};

struct Question {
    ChallengeId id;
    Person target;
    Requester requester;
    std::optional<std::string> context;
    bool number_match = false;  // the person must give the number that the requester sees; the channel does not know it
    WallTime expires_at{};
};

// Where the question is now, and whom it asked.
struct Sent {
    std::string message;         // the channel's own reference
    std::string target_user_id;  // nobody else's answer is taken (SL-05)
    std::optional<std::string> requester_user_id;
};

// An ended challenge, to be shown in place of the question.
struct Closing {
    ChallengeId id;
    std::string message;
    State state{};
    Requester requester;
};

// How a person is asked who is not asked by a verification URL: connectors with challenge_channel/1. Implemented over
// host/plugins, faked by tests. Any thread; Tasks on any io_context. Nothing is repeated here: errors that cannot tell
// whether a message was sent have the codes deadline_exceeded, unavailable, cancelled or unknown.
class Channels {
  public:
    virtual ~Channels() = default;
    // Keys of the tenant's enabled connectors that can ask, in a constant order.
    virtual std::vector<ConnectorKey> enabled(const TenantId& tenant) const = 0;
    virtual base::Task<Sent> send(TenantId tenant, ConnectorKey channel, Question question, TraceContext trace) = 0;
    virtual base::Task<void> update(TenantId tenant, ConnectorKey channel, Closing closing) = 0;
    // Takes the question back: nobody wants an answer any more.
    virtual base::Task<void> cancel(TenantId tenant, ConnectorKey channel, ChallengeId id, std::string message) = 0;
};

// A host without channels.
class NoChannels final : public Channels {
  public:
    std::vector<ConnectorKey> enabled(const TenantId&) const override { return {}; }
    base::Task<Sent> send(TenantId, ConnectorKey, Question, TraceContext) override;
    base::Task<void> update(TenantId, ConnectorKey, Closing) override;
    base::Task<void> cancel(TenantId, ConnectorKey, ChallengeId, std::string) override;
};

}  // namespace quell::challenges
