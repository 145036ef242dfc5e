// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/duration.hpp"
#include "base/time_window.hpp"
#include "target.hpp"

// Hours of a day that are accepted are never empty, and never the whole day unless they say 00:00-24:00.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = quell::fuzz::as_text(data, size);
    if (const auto window = quell::TimeWindow::parse(input)) {
        bool inside = false, outside = false;
        for (std::int64_t minute = 0; minute < 24 * 60; ++minute) {
            const bool now = window->contains(quell::from_unix_millis(1'800'000'000'000 + minute * 60'000));
            inside = inside || now;
            outside = outside || !now;
        }
        quell::fuzz::require(inside);
        quell::fuzz::require(outside || input.starts_with("00:00-24:00"));
    }
    if (const auto duration = quell::parse_duration(input)) {
        quell::fuzz::require(duration->count() >= 1);
    }
    return 0;
}
