// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/result.hpp"
#include "containment/terms.hpp"

namespace quell::containment {

// The first guard of PF-14: a value is one device's or person's name, written in the characters of its type. Wildcards,
// quotes, control characters and what surrounds queries are refused as invalid_lookup_value with the remedy; the
// refused value is not repeated. (The second guard is the plugin, which sends the value as a literal.)
Result<void> check_lookup_value(const Lookup& lookup);

}  // namespace quell::containment
