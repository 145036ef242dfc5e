// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

#include "approvals/approval.hpp"
#include "audit/trail.hpp"
#include "identity/principal.hpp"

namespace quell::approvals {

// The records of one step; `request_id` is the approval's id.
audit::Record event_record(std::string_view event, const Approval& approval, std::string_view actor);
audit::Record refusal_record(const identity::Principal& decider, std::string_view id, const Error& error);

}  // namespace quell::approvals
