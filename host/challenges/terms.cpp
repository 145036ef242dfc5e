// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/terms.hpp"

#include <array>
#include <cstddef>

#include "base/named_value.hpp"

namespace quell::challenges {
namespace {

constexpr std::array<std::string_view, 6> kStates = {"initiated", "in_progress", "verified",
                                                     "failed",    "expired",     "incident_reported"};
constexpr std::array<std::string_view, 2> kTypes = {"webhook", "slack"};
constexpr std::array<std::string_view, 5> kReasons = {"answered", "wrong_number", "no_answer", "cancelled",
                                                      "not_delivered"};
constexpr std::array<std::string_view, 4> kProofs = {"openid_login", "local_login", "channel_account", "none"};

}  // namespace

std::string_view to_string(State state) { return kStates.at(static_cast<std::size_t>(state)); }
std::optional<State> parse_state(std::string_view text) { return value_named<State>(kStates, text); }

std::string_view to_string(IntegrationType type) { return kTypes.at(static_cast<std::size_t>(type)); }
std::optional<IntegrationType> parse_integration_type(std::string_view text) {
    return value_named<IntegrationType>(kTypes, text);
}

std::string_view to_string(Reason reason) { return kReasons.at(static_cast<std::size_t>(reason)); }
std::string_view to_string(Proof proof) { return kProofs.at(static_cast<std::size_t>(proof)); }

}  // namespace quell::challenges
