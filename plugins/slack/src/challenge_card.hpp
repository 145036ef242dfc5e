// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <nlohmann/json.hpp>
#include <quell/challenge_channel.hpp>
#include <string>

// What a challenged person sees: the question, and how it ended.
namespace slack {

inline constexpr std::string_view kVerify = "quell.challenge.verify";
inline constexpr std::string_view kReport = "quell.challenge.report";
inline constexpr std::string_view kNumber = "number";
inline constexpr std::string_view kContext = "context";

struct Card {
    std::string text{};  // what a notification on a phone shows
    nlohmann::json blocks = nlohmann::json::array();
};

// `requester_id` is a checked user id, or empty.
Card challenge_card(const quell::ChallengeMessage& challenge, const std::string& requester_id);
Card ended_card(const quell::EndedChallenge& challenge);
Card withdrawn_card();

}  // namespace slack
