// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// The words of challenges, spelled as on the wire and in the store.
namespace quell::challenges {

// INTERFACES.md 7. initiated -> in_progress -> one of the four others, for good; initiated may end without in_progress.
enum class State : std::uint8_t { initiated, in_progress, verified, failed, expired, incident_reported };

constexpr bool is_final(State state) { return state != State::initiated && state != State::in_progress; }

std::string_view to_string(State state);
std::optional<State> parse_state(std::string_view text);

// V37: how the target is reached. `webhook` is the standard challenge: whoever asks gets a verification URL to pass on.
enum class IntegrationType : std::uint8_t { webhook, slack };

std::string_view to_string(IntegrationType type);
std::optional<IntegrationType> parse_integration_type(std::string_view text);

// Why a challenge ended as it did; tells what the state alone does not.
enum class Reason : std::uint8_t {
    answered,       // by the target: verified, failed or incident_reported
    wrong_number,   // the target gave a number that the requester does not see: failed
    no_answer,      // the time is over: expired
    cancelled,      // withdrawn by whoever asked, or by an administrator: expired
    not_delivered,  // nobody was asked: expired
};

std::string_view to_string(Reason reason);

// How the person who answered proved to be the target.
enum class Proof : std::uint8_t {
    openid_login,     // a fresh login at the tenant's OpenID provider
    local_login,      // a fresh login with the password of this host
    channel_account,  // the account at the connector's provider that the question was sent to
    none,             // not at all: good for a report of an incident, and for nothing else
};

std::string_view to_string(Proof proof);

}  // namespace quell::challenges
