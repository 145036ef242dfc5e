// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/numeric_date.hpp"

#include <cmath>

namespace quell::identity {

std::optional<WallTime> numeric_date(const json::Value& value) {
    const double seconds = value.is_number() ? value.to_number<double>() : NAN;
    if (!(seconds >= 0 && seconds < 1e11)) {
        return std::nullopt;
    }
    return from_unix_millis(static_cast<std::int64_t>(seconds * 1000));
}

}  // namespace quell::identity
