// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <vector>

#include "store/challenges.hpp"
#include "challenges/terms.hpp"

namespace quell::challenges {

// What only whoever made a challenge is shown, in the answer to that call (V85+).
struct Shown {
    std::string verification_url{};
    std::string match_number{};
};

// The state at that moment: one whose time is over is expired, whether or not that is written down already.
State state_of(const store::ChallengeRow& row, WallTime now);

// The record that every door shows (V63), as JSON text.
std::string to_document(const store::ChallengeRow& row, WallTime now, const Shown& shown = {});
// {"challenges": [...]}
std::string list_document(const std::vector<store::ChallengeRow>& rows, WallTime now);

}  // namespace quell::challenges
