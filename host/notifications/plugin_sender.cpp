// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notifications/plugin_sender.hpp"

#include "notifications/payload.hpp"

namespace quell::notifications {
namespace {

Delivery failed(const Error& error) {
    Delivery delivery{error->retryable || error->code == Code::unavailable ? Delivery::End::retry : Delivery::End::give_up, error->message};
    if (error->retry_after_seconds >= 0) {
        delivery.wait = std::chrono::seconds(error->retry_after_seconds);
    }
    return delivery;
}

}  // namespace

Delivery PluginSender::send(const store::NotificationRow& row, const config::Settings& settings, const std::stop_token& stop) {
    const auto tenant = settings.tenants.find(row.tenant);
    const config::PluginChannel channel = tenant == settings.tenants.end() ? config::PluginChannel() : tenant->second.notifications.plugin;
    if (!channel.enabled) {
        return {Delivery::End::give_up, "The plugin's channel is switched off."};
    }
    auto message = from_payload(row.tenant, row.payload);
    if (!message) {
        return {Delivery::End::give_up, "The message cannot be read."};
    }
    const plugins::Notification notification{.channel = channel.channel,
                                             .title = std::move(message->title),
                                             .text = std::move(message->text),
                                             .fields = std::move(message->fields),
                                             .link = std::move(message->link),
                                             .approval_id = std::move(message->approval_id)};
    const auto told = notify_(row.tenant, channel.connector, notification, stop);
    return told ? Delivery{} : failed(told.error());
}

}  // namespace quell::notifications
