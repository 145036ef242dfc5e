// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace date {
class time_zone;
}

namespace quell {

// Hours of a day in a time zone: "09:00-17:00 America/Los_Angeles". The start belongs to it, the end does not (AP-05); an
// end before the start is on the next day; "24:00" is the end of a day. The zone is an IANA name, with its daylight saving;
// PST, which is none, stands for America/Los_Angeles. Immutable, any thread.
class TimeWindow {
  public:
    // invalid_arguments with what is wrong.
    static Result<TimeWindow> parse(std::string_view text);

    bool contains(WallTime time) const;
    // As it was written.
    const std::string& text() const { return text_; }

  private:
    TimeWindow(std::string text, std::chrono::minutes start, std::chrono::minutes end, const date::time_zone* zone)
        : text_(std::move(text)), start_(start), end_(end), zone_(zone) {}

    std::string text_;
    std::chrono::minutes start_;
    std::chrono::minutes end_;
    const date::time_zone* zone_;  // of the process, never gone
};

}  // namespace quell
