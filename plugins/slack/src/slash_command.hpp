// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/inbound_event.hpp>
#include <string>

#include "form.hpp"

namespace slack {

// What `/challenge @alice why` or `/challenge alice@corp.example why` says. Whoever ran it is the
// requester (V42). `event_id` tells this request from all others; a request of another workspace
// than `team_id` is refused, unless that is empty.
quell::InboundReply read_slash_command(const Form& form, const std::string& event_id, const std::string& team_id);

}  // namespace slack
