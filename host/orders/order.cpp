// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/order.hpp"

#include <array>

#include "base/named_value.hpp"

namespace quell::orders {
namespace {

constexpr std::array<std::string_view, 2> kKinds = {"containment", "revocation"};
constexpr std::array<std::string_view, 7> kStates = {"resolved",  "intent", "sent",   "accepted",
                                                     "confirmed", "failed", "unknown"};
constexpr std::array<std::string_view, 3> kOutcomes = {"revoked", "user_not_found", "failed"};

}  // namespace

std::string_view to_string(Kind kind) { return kKinds.at(static_cast<std::size_t>(kind)); }
std::optional<Kind> parse_kind(std::string_view text) { return value_named<Kind>(kKinds, text); }

std::string_view to_string(State state) { return kStates.at(static_cast<std::size_t>(state)); }
std::optional<State> parse_state(std::string_view text) { return value_named<State>(kStates, text); }

std::string_view to_string(Outcome outcome) { return kOutcomes.at(static_cast<std::size_t>(outcome)); }
std::optional<Outcome> parse_outcome(std::string_view text) { return value_named<Outcome>(kOutcomes, text); }

}  // namespace quell::orders
