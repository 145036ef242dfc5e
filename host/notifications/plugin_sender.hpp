// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>

#include "notifications/sender.hpp"
#include "plugins/notification_channel.hpp"

namespace quell::notifications {

// A connector with notification_channel/1, such as the Slack app.
class PluginSender : public Sender {
  public:
    // Calls the connector of the present deployment and waits; connector_not_enabled if the tenant has none of that key.
    using Notify = std::function<Result<void>(const TenantId&, const ConnectorKey&, const plugins::Notification&, const std::stop_token&)>;

    explicit PluginSender(Notify notify) : notify_(std::move(notify)) {}
    Delivery send(const store::NotificationRow& row, const config::Settings& settings, const std::stop_token& stop) override;

  private:
    const Notify notify_;
};

}  // namespace quell::notifications
