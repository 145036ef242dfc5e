// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <quell/call.hpp>
#include <quell/person.hpp>
#include <quell/result.hpp>
#include <quell/time.hpp>

namespace quell::inline v1 {

// Who asks. Without an id and an address the channel's own user is the requester.
struct ChallengeRequester {
    Person person{};
    std::string label{};  // the name to show
};

struct ChallengeMessage {
    std::string challenge_id{};  // a button carries it
    Person target{};
    ChallengeRequester requester{};
    std::string context{};      // why it is asked, to be shown; may be empty
    bool number_match = false;  // the person must give the number that the requester sees
    Time expires_at{};
};

// Where the question is now. `message` is the plugin's own reference to it.
struct SentChallenge {
    std::string message{};
    std::string target_user_id{};  // whose answer counts, and nobody else's
    std::optional<std::string> requester_user_id{};
};

enum class ChallengeEnd { verified, failed, expired, incident_reported };

constexpr std::string_view to_string(ChallengeEnd end) {
    switch (end) {
        case ChallengeEnd::verified:
            return "verified";
        case ChallengeEnd::failed:
            return "failed";
        case ChallengeEnd::expired:
            return "expired";
        case ChallengeEnd::incident_reported:
            return "incident_reported";
    }
    return "failed";
}

struct EndedChallenge {
    std::string challenge_id{};
    std::string message{};
    ChallengeEnd state = ChallengeEnd::failed;
    ChallengeRequester requester{};
};

struct WithdrawnChallenge {
    std::string challenge_id{};
    std::string message{};
};

// "challenge_channel/1": asks a person whether it was them. Derive from it, and from InboundEvents
// for the answer. Threads: as for DeviceContainment.
class ChallengeChannel {
  public:
    virtual ~ChallengeChannel() = default;

    // Puts the question before exactly that person; not_found if there is no such person. A message
    // that others can see must not be used.
    virtual Result<SentChallenge> send(Call& call, const ChallengeMessage& challenge) = 0;

    // Shows how it ended, in place of the question. May come twice.
    virtual Result<void> update(Call& call, const EndedChallenge& challenge) = 0;

    // Nobody wants an answer any more. May come twice; a message that is gone already is fine.
    virtual Result<void> cancel(Call& call, const WithdrawnChallenge& challenge) = 0;
};

}  // namespace quell::inline v1
