// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "messages.hpp"

#include <quell/json.hpp>

namespace slack {
namespace {

using quell::Result;

// The message may have been posted, but nobody knows where: the host must not count on it.
quell::Error unreadable() {
    return quell::unavailable("Slack gave an answer that cannot be read.");
}

}  // namespace

Result<std::string> open_conversation(const SlackApi& api, quell::Call& call, const std::string& user_id) {
    QUELL_TRY(const Answer answer, api.act(call, "conversations.open", {{"users", user_id}}));
    const nlohmann::json* id = quell::find_path(answer.document, {"channel", "id"});
    if (id == nullptr || !id->is_string())
        return unreadable();
    return id->get<std::string>();
}

Result<MessageReference> post(const SlackApi& api, quell::Call& call, const std::string& channel, const Card& card) {
    const nlohmann::json body = {{"channel", channel}, {"text", card.text}, {"blocks", card.blocks},
                                 {"unfurl_links", false}, {"unfurl_media", false}, {"parse", "none"}};
    QUELL_TRY(const Answer answer, api.act(call, "chat.postMessage", body));
    const std::string text = quell::string_member(answer.document, "channel").value_or("") + ":" +
                             quell::string_member(answer.document, "ts").value_or("");
    const auto message = parse_message_reference(text);
    return message ? Result<MessageReference>(*message) : Result<MessageReference>(unreadable());
}

Result<void> replace(const SlackApi& api, quell::Call& call, const std::string& message, const Card& card) {
    const auto place = parse_message_reference(message);
    if (!place)
        return quell::invalid_argument("This is not a message of Slack.");
    const nlohmann::json body = {{"channel", place->channel}, {"ts", place->ts}, {"text", card.text},
                                 {"blocks", card.blocks}, {"parse", "none"}};
    const auto answer = api.act(call, "chat.update", body);
    return answer ? Result<void>() : Result<void>(answer.error());
}

}  // namespace slack
