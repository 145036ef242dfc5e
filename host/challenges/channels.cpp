// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/channels.hpp"

#include "base/failed.hpp"

namespace quell::challenges {
namespace {

Error no_channel() {
    return {Code::failed_precondition, "connector_not_enabled", "No connector of this tenant can deliver challenges."};
}

}  // namespace

base::Task<Sent> NoChannels::send(TenantId, ConnectorKey, Question, TraceContext) {
    return base::failed<Sent>(no_channel());
}

base::Task<void> NoChannels::update(TenantId, ConnectorKey, Closing) { return base::failed<void>(no_channel()); }

base::Task<void> NoChannels::cancel(TenantId, ConnectorKey, ChallengeId, std::string) {
    return base::failed<void>(no_channel());
}

}  // namespace quell::challenges
