// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "challenges/channels.hpp"
#include "challenges/outcome.hpp"
#include "json/value.hpp"
#include "store/challenges.hpp"

namespace quell::challenges {

// What a person says to a challenge, as a page or a connector has understood it.
struct Answer {
    State state{};  // verified, failed or incident_reported
    Proof proof{};
    Person person{};                        // who answers, by the word of what proves it; empty with Proof::none
    std::optional<ConnectorKey> channel{};  // whose event it is, with Proof::channel_account
    std::string number{};                   // what the person gave where a number is to be matched
    std::string comment{};                  // at most 2000 bytes are kept
    json::Object evidence{};                // for the outcome: issuer, time of the login, address, ...
};

// How the challenge ends by it.
struct Verdict {
    State state{};
    Outcome outcome;
};

// Whether the answer counts. Refused: challenge_ended (with the state that stays: one final state, and a replay is a
// late answer), challenge_expired, not_the_target (SL-05), proof_required.
Result<Verdict> judge(const store::ChallengeRow& row, const Answer& answer, WallTime now);

// For the audit of an answer that was refused.
std::string name_of(const Answer& answer);

}  // namespace quell::challenges
