// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "metrics/meters.hpp"

#include <algorithm>

namespace quell::metrics {

void Histogram::observe(Duration duration) {
    const auto bucket = static_cast<std::size_t>(std::lower_bound(kUpTo.begin(), kUpTo.end(), duration) - kUpTo.begin());
    buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(duration.count(), std::memory_order_relaxed);
}

}  // namespace quell::metrics
