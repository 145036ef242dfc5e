// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>

#include "plugins/connector.hpp"
#include "plugins/person.hpp"

namespace quell::plugins {

// challenge_channel/1 (sdk/schema) as types.
inline constexpr std::string_view kChallengeChannel = "challenge_channel/1";

// Without an id and an address the channel's own user is the requester (V38).
struct ChallengeRequester {
    Person person{};
    std::string label{};
};

struct ChallengeMessage {
    std::string challenge_id{};
    Person target{};
    ChallengeRequester requester{};
    std::string context{};
    bool number_match = false;
    WallTime expires_at{};
};

struct SentChallenge {
    std::string message;         // the plugin's reference, for update and cancel
    std::string target_user_id;  // whose answer counts
    std::optional<std::string> requester_user_id;
};

// Puts the question before the person. user_not_found if there is no such person.
base::Task<SentChallenge> send_challenge(const Connector& connector, const ChallengeMessage& challenge, CallOptions options);

// Shows the end state (verified, failed, expired, incident_reported) in place of the question.
struct EndedChallenge {
    std::string challenge_id{};
    std::string message{};
    std::string state{};
    ChallengeRequester requester{};
};
base::Task<void> show_challenge_end(const Connector& connector, const EndedChallenge& ended, CallOptions options);

// Takes the question back.
base::Task<void> withdraw_challenge(const Connector& connector, const std::string& challenge_id, const std::string& message,
                                    CallOptions options);

}  // namespace quell::plugins
