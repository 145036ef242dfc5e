// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/plugin_channels.hpp"

#include "base/log.hpp"
#include "plugins/challenge_channel.hpp"
#include "plugins/notification_channel.hpp"

namespace quell::challenges {
namespace {

plugins::Person to_plugin(Person person) { return {.provider_user_id = std::move(person.user_id), .email = std::move(person.email)}; }

plugins::ChallengeRequester to_plugin(Requester requester) {
    return {.person = to_plugin(std::move(requester.person)), .label = std::move(requester.label)};
}

// The challenge, or its end, is durable and audited by the time that a channel hears of it.
plugins::CallOptions options_of(const ChallengeId& id, const TraceContext& trace = {}) {
    plugins::CallOptions options;
    options.before_acting_request = [] { return Result<void>(); };
    options.request_id = id.str();
    options.trace = trace;
    return options;
}

std::string words_of(State state) {
    switch (state) {
        case State::verified: return "The person who was asked confirmed that it is them.";
        case State::incident_reported: return "The person who was asked reported that it was NOT them. Treat this as an incident.";
        case State::expired: return "Nobody answered in time.";
        default: return "The person who was asked did not prove who they are.";
    }
}

plugins::Notification ending_of(const Closing& closing) {
    plugins::Notification notification;
    notification.person = {.provider_user_id = closing.requester.person.user_id, .email = {}};
    notification.title = "Your challenge: " + std::string(to_string(closing.state));
    notification.text = words_of(closing.state);
    notification.fields = {{"Challenge", closing.id.str()}};
    return notification;
}

// Told once more is better than not at all; what can never be told is left. The channel's own user, who stands in where
// nobody asked (V38), is no person and hears nothing.
Result<void> unless_in_vain(const Result<std::string>& told, const ChallengeId& id) {
    if (told || told.error()->key == "user_not_found") {
        return {};
    }
    if (told.error()->retryable) {
        return told.error();
    }
    log::warn("challenge_requester_not_told", {{"challenge_id", id.str()}, {"key", told.error()->key}});
    return {};
}

}  // namespace

std::vector<ConnectorKey> PluginChannels::enabled(const TenantId& tenant) const {
    std::vector<ConnectorKey> keys;
    for (const plugins::Connector* connector : registry_.enabled(tenant, plugins::kChallengeChannel)) {
        keys.push_back(connector->key());
    }
    return keys;
}

Result<const plugins::Connector*> PluginChannels::find(const TenantId& tenant, const ConnectorKey& channel) const {
    const plugins::Connector* connector = registry_.find(tenant, channel);
    if (connector == nullptr) {
        return Error(Code::failed_precondition, "connector_not_enabled", "The connector `" + channel.str() + "` is not enabled any more.");
    }
    return connector;
}

base::Task<Sent> PluginChannels::send(TenantId tenant, ConnectorKey channel, Question question, TraceContext trace) {
    CO_TRY(const plugins::Connector* connector, find(tenant, channel));
    plugins::CallOptions options = options_of(question.id, trace);
    plugins::ChallengeMessage message;
    message.challenge_id = question.id.str();
    message.target = to_plugin(std::move(question.target));
    message.requester = to_plugin(std::move(question.requester));
    message.context = question.context.value_or("");
    message.number_match = question.number_match;
    message.expires_at = question.expires_at;
    CO_TRY(plugins::SentChallenge sent, co_await plugins::send_challenge(*connector, message, std::move(options)));
    co_return Sent{.message = std::move(sent.message),
                   .target_user_id = std::move(sent.target_user_id),
                   .requester_user_id = std::move(sent.requester_user_id)};
}

base::Task<void> PluginChannels::update(TenantId tenant, ConnectorKey channel, Closing closing) {
    CO_TRY(const plugins::Connector* connector, find(tenant, channel));
    plugins::EndedChallenge ended;
    ended.challenge_id = closing.id.str();
    ended.message = closing.message;
    ended.state = std::string(to_string(closing.state));
    ended.requester = to_plugin(closing.requester);
    CO_TRY_VOID(co_await plugins::show_challenge_end(*connector, ended, options_of(closing.id)));
    if (!closing.requester.person.user_id || !connector->offers(plugins::kNotificationChannel)) {
        co_return Result<void>();
    }
    const plugins::Notification notification = ending_of(closing);
    const auto told = co_await plugins::notify(*connector, notification, options_of(closing.id));
    co_return unless_in_vain(told, closing.id);
}

base::Task<void> PluginChannels::cancel(TenantId tenant, ConnectorKey channel, ChallengeId id, std::string message) {
    CO_TRY(const plugins::Connector* connector, find(tenant, channel));
    co_return co_await plugins::withdraw_challenge(*connector, id.str(), message, options_of(id));
}

}  // namespace quell::challenges
