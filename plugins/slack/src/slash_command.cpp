// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "slash_command.hpp"

#include <optional>
#include <quell/json.hpp>
#include <string_view>

#include "slack_ids.hpp"

namespace slack {
namespace {

using quell::InboundReply;
using quell::Person;

constexpr std::string_view kUsage =
    "Whom shall I ask? Write /challenge @name and why, or /challenge name@company.example and why.";

// Seen by the person who typed the command alone.
InboundReply tell(std::string_view text) {
    const nlohmann::json answer = {{"response_type", "ephemeral"}, {"text", text}};
    return {{200, {{"Content-Type", "application/json"}}, quell::to_text(answer)}, {}};
}

void trim(std::string_view& text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
}

// Slack escapes these three and no others in what people type.
std::string unescaped(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        const auto take = [&](std::string_view entity, char letter) {
            if (!text.starts_with(entity))
                return false;
            plain += letter;
            text.remove_prefix(entity.size());
            return true;
        };
        if (take("&amp;", '&') || take("&lt;", '<') || take("&gt;", '>'))
            continue;
        plain += text.front();
        text.remove_prefix(1);
    }
    return plain;
}

bool is_address(std::string_view text) {
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.size() <= 254 &&
           text.find('@', at + 1) == std::string_view::npos && text.find_first_of(" <>|\"") == std::string_view::npos;
}

// "<@U123|alice>", "<mailto:a@b|a@b>" or "a@b".
std::optional<Person> read_target(std::string_view word) {
    if (word.starts_with('<') && word.ends_with('>')) {
        word = word.substr(1, word.size() - 2);
        word = word.substr(0, word.find('|'));
        if (word.starts_with('@') && is_user_id(word.substr(1)))
            return Person{std::string(word.substr(1)), std::nullopt};
        if (!word.starts_with("mailto:"))
            return std::nullopt;
        word.remove_prefix(7);
    }
    if (!is_address(word))
        return std::nullopt;
    return Person{std::nullopt, std::string(word)};
}

}  // namespace

InboundReply read_slash_command(const Form& form, const std::string& event_id, const std::string& team_id) {
    const std::string user(field(form, "user_id"));
    if (!is_user_id(user) || (!team_id.empty() && field(form, "team_id") != team_id))
        return tell("This command is not for this workspace.");
    if (field(form, "command") != "/challenge")
        return tell("I only know /challenge.");
    std::string_view text = field(form, "text");
    trim(text);
    const std::string_view word = text.substr(0, text.find(' '));
    const auto target = read_target(word);
    if (!target)
        return tell(kUsage);
    text.remove_prefix(word.size());
    trim(text);
    InboundReply reply = tell("I am on it. What comes of it I shall tell you in a message.");
    reply.events.push_back({event_id, user, quell::ChallengeRequested{*target, unescaped(text).substr(0, 1000)}});
    return reply;
}

}  // namespace slack
