// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/result.hpp"
#include "config/settings.hpp"
#include "store/challenges.hpp"

namespace quell::challenges {

// Keeps agents from wearing a person down with questions until one is answered wrongly: so many open ones, and so many
// within an hour, for one target, whoever asks. rate_limited, with the time at which one more fits. Inside the
// transaction that inserts the row, so that calls side by side do not slip through together.
Result<void> check_limits(store::Reader& reader, const store::ChallengeRow& row, const config::ChallengeSettings& settings);

}  // namespace quell::challenges
