// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <functional>

#include "base/clock.hpp"

// How long each credential lives (INTERFACES.md 5).
namespace quell::identity {

inline constexpr std::chrono::minutes kAccessTokenLife{15};
inline constexpr std::chrono::hours kRefreshTokenLife{24 * 30};
inline constexpr std::chrono::seconds kCodeLife{60};
inline constexpr std::chrono::hours kLoginLife{8};
// A consent is remembered as long as the refresh token it led to (E11).
inline constexpr std::chrono::hours kConsentLife = kRefreshTokenLife;
// A refresh token used again within this time gets a sibling: clients with several processes race (OA-08).
inline constexpr std::chrono::seconds kRefreshGrace{30};

// The clock of stored times; tests supply their own.
using Now = std::function<WallTime()>;

}  // namespace quell::identity
