// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>

#include "base/clock.hpp"
#include "json/value.hpp"

namespace quell::identity {

// A NumericDate of RFC 7519 2: seconds since 1970, perhaps with a fraction. nullopt for anything else.
std::optional<WallTime> numeric_date(const json::Value& value);

}  // namespace quell::identity
