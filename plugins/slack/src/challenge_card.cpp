// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenge_card.hpp"

#include <chrono>

#include "blocks.hpp"

namespace slack {
namespace {

using nlohmann::json;

std::string deadline(quell::Time time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    return "Please answer by <!date^" + std::to_string(seconds) + "^{date_short_pretty} {time}|" +
           quell::format_time(time) + ">.";
}

std::string small_print_of(const quell::ChallengeMessage& challenge, const std::string& requester_id) {
    return (requester_id.empty() ? "" : "Asked for by <@" + requester_id + ">. ") + deadline(challenge.expires_at);
}

struct End {
    std::string_view title;
    std::string_view text;
};

End words_of(quell::ChallengeEnd state) {
    switch (state) {
        case quell::ChallengeEnd::verified:
            return {"Confirmed", "You confirmed that it is you. There is nothing more to do."};
        case quell::ChallengeEnd::incident_reported:
            return {"Reported", "You reported that it was not you. Whoever asked has been told; if you are in doubt, "
                                "call your security team."};
        case quell::ChallengeEnd::expired:
            return {"Too late", "Nobody answered in time, so this question is closed."};
        case quell::ChallengeEnd::failed:
            return {"Not confirmed", "Your identity was not confirmed, and this question is closed."};
    }
    return {"Closed", "This question is closed."};
}

Card closed(std::string_view title, std::string_view text) {
    return {std::string(title) + ": " + std::string(text), json::array({blocks::header(title), blocks::section(text)})};
}

}  // namespace

Card challenge_card(const quell::ChallengeMessage& challenge, const std::string& requester_id) {
    Card card;
    card.text = challenge.requester.label + " asks whether it is really you.";
    card.blocks.push_back(blocks::header("Is this really you?"));
    card.blocks.push_back(blocks::section(card.text));
    if (!challenge.context.empty())
        card.blocks.push_back(blocks::section("What it is about: " + challenge.context));
    if (challenge.number_match)
        card.blocks.push_back(blocks::input(kNumber, "The number that the person who asks tells you", true, false));
    card.blocks.push_back(blocks::input(kContext, "Anything to add?", true, true));
    json buttons = json::array({blocks::button(kVerify, "Yes, it is me", challenge.challenge_id, "primary"),
                                blocks::button(kReport, "No, report this", challenge.challenge_id, "danger")});
    card.blocks.push_back(blocks::actions("answer", std::move(buttons)));
    card.blocks.push_back(blocks::small_print(small_print_of(challenge, requester_id)));
    return card;
}

Card ended_card(const quell::EndedChallenge& challenge) {
    const End end = words_of(challenge.state);
    Card card = closed(end.title, end.text);
    card.blocks.push_back(blocks::section("Asked for by: " + challenge.requester.label));
    return card;
}

Card withdrawn_card() {
    return closed("Withdrawn", "Nobody needs an answer to this any more.");
}

}  // namespace slack
