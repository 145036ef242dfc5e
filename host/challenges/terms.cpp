// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/terms.hpp"

#include <array>
#include <cstddef>

namespace quell::challenges {
namespace {

constexpr std::array<std::string_view, 6> kStates = {"initiated", "in_progress", "verified",
                                                     "failed",    "expired",     "incident_reported"};
constexpr std::array<std::string_view, 2> kTypes = {"webhook", "slack"};
constexpr std::array<std::string_view, 5> kReasons = {"answered", "wrong_number", "no_answer", "cancelled",
                                                      "not_delivered"};
constexpr std::array<std::string_view, 4> kProofs = {"openid_login", "local_login", "channel_account", "none"};

template <class Enum, std::size_t N>
std::optional<Enum> parse(const std::array<std::string_view, N>& names, std::string_view text) {
    for (std::size_t i = 0; i < N; ++i) {
        if (names[i] == text) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

}  // namespace

std::string_view to_string(State state) { return kStates.at(static_cast<std::size_t>(state)); }
std::optional<State> parse_state(std::string_view text) { return parse<State>(kStates, text); }

std::string_view to_string(IntegrationType type) { return kTypes.at(static_cast<std::size_t>(type)); }
std::optional<IntegrationType> parse_integration_type(std::string_view text) {
    return parse<IntegrationType>(kTypes, text);
}

std::string_view to_string(Reason reason) { return kReasons.at(static_cast<std::size_t>(reason)); }
std::string_view to_string(Proof proof) { return kProofs.at(static_cast<std::size_t>(proof)); }

}  // namespace quell::challenges
