// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "slack.hpp"

#include <utility>

#include "challenge_card.hpp"
#include "messages.hpp"
#include "notice_card.hpp"
#include "session_reset.hpp"
#include "slack_errors.hpp"
#include "slack_ids.hpp"
#include "token_checks.hpp"

namespace slack {

using quell::Call;
using quell::Result;

namespace {

// A message that is gone needs no update.
Result<void> unless_gone(Result<void> done) {
    if (!done && done.error().provider_code == "message_not_found")
        return {};
    return done;
}

bool is_nobody(const quell::Person& person) {
    return !person.provider_user_id && !person.email;
}

// V38: without a requester the app's own user is it. An address that Slack does not know is no
// reason not to ask: the label says who it is.
Result<std::string> requester_id(People& people, Call& call, const quell::Person& person) {
    if (is_nobody(person))
        return people.bot_id(call);
    auto id = people.active_id(call, person);
    if (!id && id.error().status == quell::Status::not_found && !person.provider_user_id)
        return std::string();
    return id;
}

std::optional<std::string> unless_empty(std::string text) {
    return text.empty() ? std::nullopt : std::optional(std::move(text));
}

Result<Scope> read_scope(const quell::Settings& settings) {
    QUELL_TRY(const std::string sessions, settings.string_or("sessions", "all"));
    return Scope{sessions == "mobile", sessions == "web"};
}

}  // namespace

Result<std::unique_ptr<Slack>> Slack::create(const quell::Settings& settings) {
    QUELL_TRY(std::string base_url, settings.string_or("base_url", "https://slack.com"));
    QUELL_TRY(std::string signing_secret, settings.string_or("signing_secret", ""));
    QUELL_TRY(std::string team_id, settings.string_or("team_id", ""));
    QUELL_TRY(const Scope scope, read_scope(settings));
    const bool listens = !signing_secret.empty();
    return std::make_unique<Slack>(SlackApi(std::move(base_url)), Inbound(std::move(signing_secret), std::move(team_id)),
                                   scope, listens);
}

Result<quell::SentChallenge> Slack::send(Call& call, const quell::ChallengeMessage& challenge) {
    if (!is_host_id(challenge.challenge_id))
        return quell::invalid_argument("This is not the id of a challenge.");
    QUELL_TRY(const std::string target, people_.active_id(call, challenge.target));
    QUELL_TRY(std::string requester, requester_id(people_, call, challenge.requester.person));
    // In a conversation of two, nobody else can press the buttons.
    QUELL_TRY(const std::string conversation, open_conversation(api_, call, target));
    QUELL_TRY(const MessageReference message, post(api_, call, conversation, challenge_card(challenge, requester)));
    return quell::SentChallenge{to_text(message), target, unless_empty(std::move(requester))};
}

Result<void> Slack::update(Call& call, const quell::EndedChallenge& challenge) {
    return unless_gone(replace(api_, call, challenge.message, ended_card(challenge)));
}

Result<void> Slack::cancel(Call& call, const quell::WithdrawnChallenge& challenge) {
    return unless_gone(replace(api_, call, challenge.message, withdrawn_card()));
}

Result<quell::InboundReply> Slack::handle(Call& call, const quell::InboundRequest& request) {
    return inbound_.handle(call, request);
}

Result<quell::SentNotification> Slack::notify(Call& call, const quell::Notification& notification) {
    const Card card = notice_card(notification);
    if (!notification.replaces.empty()) {
        if (const auto done = replace(api_, call, notification.replaces, card); !done)
            return done.error();
        return quell::SentNotification{notification.replaces};
    }
    std::string conversation = notification.channel;
    if (conversation.empty()) {
        QUELL_TRY(const std::string user, people_.active_id(call, notification.person));
        QUELL_TRY(conversation, open_conversation(api_, call, user));
    }
    QUELL_TRY(const MessageReference message, post(api_, call, conversation, card));
    return quell::SentNotification{to_text(message)};
}

Result<std::vector<quell::FoundUser>> Slack::find_user(Call& call, const quell::Person& person) {
    return people_.find(call, person);
}

Result<std::vector<quell::Account>> Slack::resolve(Call& call, const quell::AccountLookup& lookup) {
    const bool by_id = is_user_id(lookup.username);
    if (!by_id && lookup.username.find('@') == std::string::npos)
        return quell::invalid_argument("Slack finds a user by e-mail address or by user id.");
    const quell::Person person = by_id ? quell::Person{lookup.username, std::nullopt} : quell::Person{std::nullopt, lookup.username};
    QUELL_TRY(const auto users, people_.find(call, person));
    std::vector<quell::Account> accounts;
    for (const quell::FoundUser& user : users) {
        quell::Account account{user.provider_user_id, user.email.value_or(user.provider_user_id)};
        account.email = user.email;
        account.status = user.active ? "active" : "inactive";
        accounts.push_back(std::move(account));
    }
    return accounts;
}

Result<std::vector<quell::AccountOutcome>> Slack::revoke(Call& call, const quell::RevokeRequest& request) {
    std::vector<quell::AccountOutcome> outcomes;
    for (const std::string& user_id : request.user_ids) {
        QUELL_TRY(quell::AccountOutcome outcome,
                  reset_sessions(api_, call, user_id, scope_.mobile_only, scope_.web_only));
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

Result<quell::HealthReport> Slack::check(Call& call) {
    quell::HealthReport report;
    report.checks.push_back(check_bot_token(api_, call, listens_));
    if (!listens_)
        report.checks.push_back(check_user_token(api_, call));
    return report;
}

}  // namespace slack

QUELL_EXPORT_PLUGIN(slack::Slack)
