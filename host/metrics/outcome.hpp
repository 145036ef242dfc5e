// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <atomic>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "metrics/registry.hpp"

namespace quell::metrics {

// How a call ended, for those who watch the host: whose turn it is to act.
enum class Outcome {
    ok,
    refused,       // the caller asked for what is not there, not allowed or not possible
    rate_limited,  // somebody's limit; later it works
    unavailable,   // the provider, the plugin's process or the store could not be reached
    deadline_exceeded,
    cancelled,  // the caller left
    failed,     // a fault of the host, the plugin or the provider
};

inline constexpr std::size_t kOutcomes = 7;

std::string_view to_string(Outcome outcome);
Outcome outcome_of(Code code);

// One counter for each outcome of what the other labels name. Series appear with their first count, so that many
// tenants do not mean many zeros. Any thread.
class Outcomes {
  public:
    // `labels` are copied; `registry` outlives this.
    Outcomes(Registry& registry, const Family& family, const Labels& labels);
    Outcomes(const Outcomes&) = delete;
    Outcomes& operator=(const Outcomes&) = delete;

    void count(Outcome outcome);

  private:
    Counter& make(Outcome outcome);

    Registry& registry_;
    const Family family_;
    std::vector<std::pair<std::string, std::string>> labels_;
    std::array<std::atomic<Counter*>, kOutcomes> counters_{};
};

}  // namespace quell::metrics
