// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "people.hpp"

#include <quell/json.hpp>
#include <quell/text.hpp>

#include "slack_errors.hpp"
#include "slack_ids.hpp"

namespace slack {
namespace {

using quell::FoundUser;
using quell::Result;

bool is_true(const nlohmann::json& object, std::string_view name) {
    const nlohmann::json* found = quell::find_member(object, name);
    return found != nullptr && found->is_boolean() && found->get<bool>();
}

bool is_false(const nlohmann::json& object, std::string_view name) {
    const nlohmann::json* found = quell::find_member(object, name);
    return found != nullptr && found->is_boolean() && !found->get<bool>();
}

std::string text_at(const nlohmann::json& object, std::initializer_list<std::string_view> path) {
    const nlohmann::json* found = quell::find_path(object, path);
    return found != nullptr && found->is_string() ? found->get<std::string>() : "";
}

std::optional<std::string> unless_empty(std::string text) {
    return text.empty() ? std::nullopt : std::optional(std::move(text));
}

FoundUser read_user(const nlohmann::json& user, bool is_ours) {
    FoundUser found;
    found.provider_user_id = text_at(user, {"id"});
    found.name = unless_empty(text_at(user, {"real_name"}));
    found.active = !is_true(user, "deleted") && !is_true(user, "is_bot");
    if (is_ours && !is_false(user, "is_email_confirmed"))
        found.email = unless_empty(text_at(user, {"profile", "email"}));
    return found;
}

quell::Error unreadable() {
    return quell::unavailable("Slack gave an answer that cannot be read.");
}

}  // namespace

Result<std::optional<nlohmann::json>> People::fetch(quell::Call& call, const quell::Person& person) const {
    const bool by_id = person.provider_user_id.has_value();
    if (by_id && !is_user_id(*person.provider_user_id))
        return quell::invalid_argument("This is not a user id of Slack.");
    const auto answer =
        by_id ? api_.read(call, "users.info", {{"user", *person.provider_user_id}})
              : api_.read(call, "users.lookupByEmail", {{"email", person.email.value_or("")}});
    if (!answer && is_unknown_user(answer.error()))
        return std::optional<nlohmann::json>{};
    if (!answer)
        return answer.error();
    const nlohmann::json* user = quell::find_member(answer->document, "user");
    if (user == nullptr || !is_user_id(text_at(*user, {"id"})))
        return unreadable();
    return std::optional(*user);
}

Result<People::Own> People::own(quell::Call& call) {
    const std::lock_guard lock(mutex_);
    if (own_)
        return *own_;
    QUELL_TRY(const Answer answer, api_.test_token(call, "default"));
    Own own{text_at(answer.document, {"user_id"}), text_at(answer.document, {"team_id"}),
            text_at(answer.document, {"enterprise_id"})};
    if (!is_user_id(own.user_id) || own.team_id.empty())
        return unreadable();
    own_ = own;
    return own;
}

// Another company's Slack says what address its users have; that is no word of ours.
bool People::is_of(const nlohmann::json& user, const Own& own) {
    if (is_true(user, "is_stranger"))
        return false;
    const std::string enterprise = text_at(user, {"enterprise_user", "enterprise_id"});
    return text_at(user, {"team_id"}) == own.team_id || (!enterprise.empty() && enterprise == own.enterprise_id);
}

Result<std::vector<FoundUser>> People::find(quell::Call& call, const quell::Person& person) {
    QUELL_TRY(const auto user, fetch(call, person));
    if (!user)
        return std::vector<FoundUser>{};
    QUELL_TRY(const Own mine, own(call));
    FoundUser found = read_user(*user, is_of(*user, mine));
    const bool asked_by_id = person.provider_user_id.has_value();
    const bool fits = asked_by_id ? found.provider_user_id == *person.provider_user_id
                                  : found.email && quell::equal_ignoring_case(*found.email, *person.email);
    return fits ? std::vector{std::move(found)} : std::vector<FoundUser>{};
}

Result<std::string> People::active_id(quell::Call& call, const quell::Person& person) {
    QUELL_TRY(const auto found, find(call, person));
    if (found.empty() || !found.front().active)
        return quell::not_found("Slack knows no such active user.");
    return found.front().provider_user_id;
}

Result<std::string> People::bot_id(quell::Call& call) {
    QUELL_TRY(const Own mine, own(call));
    return mine.user_id;
}

}  // namespace slack
