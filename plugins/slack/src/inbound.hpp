// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/call.hpp>
#include <quell/inbound_event.hpp>
#include <string>

namespace slack {

// What Slack sends to the connector's address: pressed buttons, commands, and questions of its own.
class Inbound {
  public:
    // `team_id`: the one workspace that may send; empty for any that has the signing secret.
    Inbound(std::string signing_secret, std::string team_id)
        : signing_secret_(std::move(signing_secret)), team_id_(std::move(team_id)) {}

    quell::InboundReply handle(quell::Call& call, const quell::InboundRequest& request) const;

  private:
    quell::InboundReply handle_form(const quell::InboundRequest& request, const std::string& event_id) const;

    std::string signing_secret_;
    std::string team_id_;
};

}  // namespace slack
