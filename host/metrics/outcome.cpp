// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "metrics/outcome.hpp"

namespace quell::metrics {

std::string_view to_string(Outcome outcome) {
    static constexpr std::array<std::string_view, kOutcomes> kNames = {
        "ok", "refused", "rate_limited", "unavailable", "deadline_exceeded", "cancelled", "failed"};
    return kNames[static_cast<std::size_t>(outcome)];
}

Outcome outcome_of(Code code) {
    switch (code) {
        case Code::ok:
            return Outcome::ok;
        case Code::invalid_argument:
        case Code::not_found:
        case Code::already_exists:
        case Code::permission_denied:
        case Code::failed_precondition:
        case Code::aborted:
        case Code::out_of_range:
        case Code::unimplemented:
        case Code::unauthenticated:
            return Outcome::refused;
        case Code::resource_exhausted:
            return Outcome::rate_limited;
        case Code::unavailable:
            return Outcome::unavailable;
        case Code::deadline_exceeded:
            return Outcome::deadline_exceeded;
        case Code::cancelled:
            return Outcome::cancelled;
        default:
            return Outcome::failed;
    }
}

Outcomes::Outcomes(Registry& registry, const Family& family, const Labels& labels)
    : registry_(registry), family_(family), labels_(labels.begin(), labels.end()) {}

void Outcomes::count(Outcome outcome) {
    Counter* counter = counters_[static_cast<std::size_t>(outcome)].load(std::memory_order_acquire);
    (counter != nullptr ? *counter : make(outcome)).add();
}

Counter& Outcomes::make(Outcome outcome) {
    Labels labels(labels_.begin(), labels_.end());
    labels.emplace_back("outcome", to_string(outcome));
    Counter& counter = registry_.counter(family_, labels);
    counters_[static_cast<std::size_t>(outcome)].store(&counter, std::memory_order_release);
    return counter;
}

}  // namespace quell::metrics
