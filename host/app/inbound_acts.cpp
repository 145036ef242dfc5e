// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/inbound_acts.hpp"

#include "app/channel_people.hpp"
#include "app/services.hpp"
#include "base/log.hpp"
#include "json/parse.hpp"
#include "plugins/notification_channel.hpp"

namespace quell::app {
namespace {

bool may_pass(const Error& error) {
    return error->retryable || error->code == Code::unavailable || error->code == Code::deadline_exceeded;
}

// What a message tells of is durable and audited by then.
plugins::CallOptions to_tell() {
    plugins::CallOptions options;
    options.before_acting_request = [] { return Result<void>(); };
    return options;
}

std::string words_of(const Error& error) {
    return error->next_step.empty() ? error->message : error->message + " " + error->next_step;
}

// In vain is fine: what was refused stays refused.
base::Task<void> tell(const plugins::Connector& connector, std::string provider_user_id, std::string title, std::string text) {
    plugins::Notification notification;
    notification.person.provider_user_id = std::move(provider_user_id);
    notification.title = std::move(title);
    notification.text = std::move(text);
    const auto told = co_await plugins::notify(connector, notification, to_tell());
    if (!told) {
        log::warn("person_not_told", {{"tenant", connector.tenant().str()},
                                      {"connector", connector.key().str()},
                                      {"key", told.error()->key}});
    }
    co_return Result<void>();
}

challenges::Answer answer_of(const ConnectorKey& connector, const std::string& by, plugins::ChallengeAnswered& answered) {
    challenges::Answer answer;
    answer.state = answered.verified ? challenges::State::verified : challenges::State::incident_reported;
    answer.proof = challenges::Proof::channel_account;
    answer.person.user_id = by;
    answer.channel = connector;
    answer.number = std::move(answered.number);
    answer.comment = std::move(answered.context);
    answer.evidence = {{"connector", connector.str()}, {"provider_user_id", by}};
    return answer;
}

// V42: whoever typed the command is the requester.
challenges::CreateArguments arguments_of(const plugins::InboundEvent& event, const plugins::ChallengeRequested& wanted,
                                         const identity::Principal& requester) {
    challenges::CreateArguments arguments;
    arguments.target_user_id = wanted.target.provider_user_id;
    arguments.target_user_email = wanted.target.email;
    arguments.integration_type = challenges::IntegrationType::slack;
    arguments.requester_id = requester.id;
    arguments.requester_email = requester.label;
    arguments.slack_user_id = event.provider_user_id;
    arguments.idempotency_key = event.event_id;
    if (!wanted.context.empty()) {
        arguments.context = wanted.context;
    }
    return arguments;
}

// In the place of the card with the buttons, if the event said which one that is.
plugins::Notification decided_card(const approvals::Approval& approval, const std::string& decided_by, const std::string& message) {
    plugins::Notification card;
    card.person.provider_user_id = decided_by;
    card.title = approval.status == "approved" ? "Approved" : "Denied";
    card.text = "You decided about this request.";
    card.fields = {{"Request", approval.id}, {"Resource", approval.resource}, {"Operation", approval.operation}};
    card.replaces = message;
    return card;
}

constexpr std::string_view kNumberText =
    "Tell it to the person whom you want to challenge, for example on the phone, and to nobody else: they are asked for it.";

// Of a record as its maker is shown it; empty where none is to be matched.
std::string number_of(const std::string& record) {
    const auto document = json::parse(record);
    const json::Value* number = document ? document->get_object().if_contains("match_number") : nullptr;
    return number != nullptr && number->is_string() ? std::string(json::text(*number)) : std::string();
}

Error no_member() {
    return Error(Code::permission_denied, "not_a_member", "You are no user of this organisation at Quell.")
        .next_step("Ask an administrator: quell user add EMAIL --role analyst.");
}

Error not_allowed() {
    return Error(Code::permission_denied, "insufficient_scope", "Your role may not challenge people.")
        .next_step("Ask an administrator for the role analyst.");
}

}  // namespace

base::Task<void> InboundActs::act(store::InboundEventName name, plugins::InboundEvent event) {
    auto deployment = services_.deployment();
    const plugins::Connector* connector = deployment->registry.find(name.tenant, name.connector);
    if (connector == nullptr) {
        co_return Error(Code::failed_precondition, "connector_not_enabled", "The connector is not enabled any more.");
    }
    const std::string by = event.provider_user_id;
    std::string in_vain = "Your answer was not taken";
    Result<void> done;
    if (std::holds_alternative<plugins::ChallengeAnswered>(event.what)) {
        done = co_await answer_challenge(deployment, std::move(name), std::move(event));
    } else if (std::holds_alternative<plugins::ChallengeRequested>(event.what)) {
        in_vain = "Nobody was asked";
        done = co_await request_challenge(deployment, *connector, std::move(event));
    } else {
        in_vain = "Your decision was not taken";
        done = co_await decide_approval(*connector, std::move(event));
    }
    if (!done && !may_pass(done.error())) {
        CO_TRY_VOID(co_await tell(*connector, by, std::move(in_vain), words_of(done.error())));
    }
    co_return done;
}

base::Task<void> InboundActs::answer_challenge(std::shared_ptr<Deployment> deployment, store::InboundEventName name,
                                               plugins::InboundEvent event) {
    auto& answered = std::get<plugins::ChallengeAnswered>(event.what);
    challenges::Answer answer = answer_of(name.connector, event.provider_user_id, answered);
    ChallengeId id(answered.challenge_id);
    CO_TRY(const challenges::State state, co_await deployment->challenges.answer(name.tenant, std::move(id), std::move(answer)));
    static_cast<void>(state);
    co_return Result<void>();
}

base::Task<void> InboundActs::request_challenge(std::shared_ptr<Deployment> deployment, const plugins::Connector& connector,
                                                plugins::InboundEvent event) {
    const auto& wanted = std::get<plugins::ChallengeRequested>(event.what);
    CO_TRY(const auto member, co_await find_member(*services_.store, connector, event.provider_user_id));
    if (!member) {
        co_return no_member();
    }
    if (!member->scopes.has(identity::Scope::challenges_create)) {
        co_return not_allowed();
    }
    challenges::CreateArguments arguments = arguments_of(event, wanted, *member);
    CO_TRY(const std::string record,
           co_await deployment->challenges.create(*member, std::move(arguments), policy::Entry::channel));
    const std::string number = number_of(record);
    if (number.empty()) {
        co_return Result<void>();
    }
    co_return co_await tell(connector, event.provider_user_id, "The number is " + number, std::string(kNumberText));
}

// The token of a grant is the requester's, and goes nowhere from here.
base::Task<void> InboundActs::decide_approval(const plugins::Connector& connector, plugins::InboundEvent event) {
    auto& wanted = std::get<plugins::ApprovalDecided>(event.what);
    CO_TRY(const auto member, co_await find_member(*services_.store, connector, event.provider_user_id));
    if (!member) {
        co_return no_member();
    }
    approvals::Decision decision;
    decision.approve = wanted.approve;
    decision.reason = std::move(wanted.reason);
    CO_TRY(const approvals::Decided decided,
           co_await services_.guarded->approvals.decide(*member, wanted.approval_id, std::move(decision)));
    const plugins::Notification card = decided_card(decided.approval, event.provider_user_id, wanted.message);
    // Decided it is, whether or not the card can be brought to say so.
    if (const auto shown = co_await plugins::notify(connector, card, to_tell()); !shown) {
        log::warn("decision_not_shown", {{"approval", wanted.approval_id}, {"key", shown.error()->key}});
    }
    co_return Result<void>();
}

}  // namespace quell::app
