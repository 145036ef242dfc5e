// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "challenges/channels.hpp"
#include "plugins/registry.hpp"

namespace quell::challenges {

// Connectors with challenge_channel/1. The registry outlives it.
class PluginChannels final : public Channels {
  public:
    explicit PluginChannels(const plugins::Registry& registry) : registry_(registry) {}

    std::vector<ConnectorKey> enabled(const TenantId& tenant) const override;
    base::Task<Sent> send(TenantId tenant, ConnectorKey channel, Question question, TraceContext trace) override;
    // Also tells a requester whose account is known there (V88+).
    base::Task<void> update(TenantId tenant, ConnectorKey channel, Closing closing) override;
    base::Task<void> cancel(TenantId tenant, ConnectorKey channel, ChallengeId id, std::string message) override;

  private:
    Result<const plugins::Connector*> find(const TenantId& tenant, const ConnectorKey& channel) const;

    const plugins::Registry& registry_;
};

}  // namespace quell::challenges
