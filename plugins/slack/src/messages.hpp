// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/call.hpp>
#include <quell/result.hpp>
#include <string>

#include "challenge_card.hpp"
#include "slack_api.hpp"
#include "slack_ids.hpp"

namespace slack {

// The conversation that only the app and that user see. `user_id` is checked.
quell::Result<std::string> open_conversation(const SlackApi& api, quell::Call& call, const std::string& user_id);

// A message in a conversation, by id, or in a channel, by name.
quell::Result<MessageReference> post(const SlackApi& api, quell::Call& call, const std::string& channel, const Card& card);

// Puts a card in the place of a message. `message` is a reference that the plugin gave.
quell::Result<void> replace(const SlackApi& api, quell::Call& call, const std::string& message, const Card& card);

}  // namespace slack
