// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/inbound_event.hpp>
#include <string>
#include <string_view>

namespace slack {

// What the form field `payload` of a pressed button says. Nothing happens for what is no button of
// ours. `event_id` and `team_id` as in read_slash_command.
quell::InboundReply read_interaction(std::string_view payload, const std::string& event_id, const std::string& team_id);

}  // namespace slack
