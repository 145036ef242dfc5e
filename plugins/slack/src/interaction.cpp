// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "interaction.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <quell/json.hpp>

#include "challenge_card.hpp"
#include "notice_card.hpp"
#include "slack_ids.hpp"

namespace slack {
namespace {

using nlohmann::json;
using quell::InboundEvent;
using quell::InboundReply;

std::string text_at(const json& document, std::initializer_list<std::string_view> path) {
    const json* found = quell::find_path(document, path);
    return found != nullptr && found->is_string() ? found->get<std::string>() : "";
}

// What was typed into an input of the card: state.values.<block>.<action>.value.
std::string typed(const json& payload, std::string_view id) {
    return text_at(payload, {"state", "values", id, id, "value"});
}

std::string message_of(const json& payload) {
    const std::string text = text_at(payload, {"container", "channel_id"}) + ":" + text_at(payload, {"container", "message_ts"});
    return parse_message_reference(text) ? text : "";
}

std::optional<InboundEvent> read_action(const json& payload, const json& action) {
    const std::string kind = text_at(action, {"action_id"});
    const std::string id = text_at(action, {"value"});
    if (!is_host_id(id))
        return std::nullopt;
    if (kind == kVerify || kind == kReport) {
        const auto answer = kind == kVerify ? quell::ChallengeAnswer::verified : quell::ChallengeAnswer::incident_reported;
        return InboundEvent{"", "", quell::ChallengeAnswered{id, answer, typed(payload, kNumber), typed(payload, kContext)}};
    }
    if (kind == kApprove || kind == kDeny) {
        const auto decision = kind == kApprove ? quell::ApprovalDecision::approve : quell::ApprovalDecision::deny;
        return InboundEvent{"", "", quell::ApprovalDecided{id, decision, typed(payload, kReason), message_of(payload)}};
    }
    return std::nullopt;
}

std::optional<InboundEvent> read_press(const json& payload) {
    const json* actions = quell::array_member(payload, "actions");
    // Slack sends one action a request; of several it would be unclear which one was meant.
    if (actions == nullptr || actions->size() != 1)
        return std::nullopt;
    return read_action(payload, actions->front());
}

// The inputs' own limits are kept by the client alone.
void cut_texts(InboundEvent& event) {
    if (auto* answered = std::get_if<quell::ChallengeAnswered>(&event.what)) {
        answered->number = answered->number.substr(0, 16);
        answered->context = answered->context.substr(0, 1000);
    } else if (auto* decided = std::get_if<quell::ApprovalDecided>(&event.what)) {
        decided->reason = decided->reason.substr(0, 1000);
    }
}

}  // namespace

InboundReply read_interaction(std::string_view text, const std::string& event_id, const std::string& team_id) {
    const auto payload = quell::parse_document(text);
    if (!payload)
        return {{400, {}, "The payload cannot be read."}, {}};
    const std::string user = text_at(*payload, {"user", "id"});
    const bool is_ours = team_id.empty() || text_at(*payload, {"team", "id"}) == team_id;
    if (!is_user_id(user) || !is_ours || text_at(*payload, {"type"}) != "block_actions")
        return {};
    auto event = read_press(*payload);
    if (!event)
        return {};
    event->id = event_id;
    event->provider_user_id = user;
    cut_texts(*event);
    return {{}, {*std::move(event)}};
}

}  // namespace slack
