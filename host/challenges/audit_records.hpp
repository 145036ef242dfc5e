// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "audit/trail.hpp"
#include "base/error.hpp"
#include "challenges/arguments.hpp"
#include "challenges/outcome.hpp"
#include "identity/principal.hpp"
#include "policy/entry.hpp"
#include "store/challenges.hpp"

namespace quell::challenges {

// What the trail keeps of a challenge; request_id is the challenge's. Its token and number never stand in it.

audit::Record created_record(const store::ChallengeRow& row);
audit::Record delivery_record(const store::ChallengeRow& row, std::string_view delivery);
audit::Record opened_record(const store::ChallengeRow& row);
audit::Record ended_record(const store::ChallengeRow& row, State state, const Outcome& outcome);
// An answer or a withdrawal that changed nothing; `actor` is who tried.
audit::Record answer_refused_record(const store::ChallengeRow& row, const std::string& actor, const Error& error);
// No challenge was made. `arguments` are as far as they could be read.
audit::Record refusal_record(const identity::Principal& principal, const CreateArguments& arguments,
                             policy::Entry entry, const Error& error);

}  // namespace quell::challenges
