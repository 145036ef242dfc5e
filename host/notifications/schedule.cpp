// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notifications/schedule.hpp"

#include <algorithm>
#include <utility>

namespace quell::notifications {

std::vector<Millis> Schedule::usual_steps() {
    using std::chrono::hours;
    using std::chrono::minutes;
    using std::chrono::seconds;
    return {seconds(5), minutes(5), minutes(30), hours(2), hours(5), hours(10), hours(10)};
}

std::optional<Millis> Schedule::wait_after(std::int64_t attempts, std::optional<Millis> asked) const {
    if (std::cmp_greater(attempts, steps_.size())) {
        return std::nullopt;
    }
    const Millis step = steps_[static_cast<std::size_t>(std::max<std::int64_t>(attempts, 1) - 1)];
    const Millis longest = *std::max_element(steps_.begin(), steps_.end());
    return asked ? std::max(step, std::min(*asked, longest)) : step;
}

}  // namespace quell::notifications
