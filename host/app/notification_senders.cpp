// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/notification_senders.hpp"

#include <boost/asio/co_spawn.hpp>

#include "app/services.hpp"
#include "notifications/mail_sender.hpp"
#include "notifications/plugin_sender.hpp"
#include "notifications/slack_sender.hpp"
#include "notifications/webhook_sender.hpp"

namespace quell::app {
namespace {

Error no_such_channel(const ConnectorKey& key) {
    return {Code::failed_precondition, "connector_not_enabled", "The connector `" + key.str() + "` is not enabled or has no notification channel."};
}

// On the sender's own thread, which waits.
Result<void> notify(Services& services, const TenantId& tenant, const ConnectorKey& key, const plugins::Notification& notification,
                    const std::stop_token& stop) {
    const auto deployment = services.deployment();
    const plugins::Connector* const connector = deployment->registry.find(tenant, key);
    if (connector == nullptr || !connector->offers(plugins::kNotificationChannel)) {
        return no_such_channel(key);
    }
    plugins::CallOptions options;
    options.cancel = stop;
    options.before_acting_request = [] { return Result<void>(); };  // what it tells of is durable and audited
    boost::asio::io_context context;
    Result<void> outcome = internal_error("a notification never ended");
    boost::asio::co_spawn(context, plugins::notify(*connector, notification, std::move(options)),
                          [&](std::exception_ptr failure, Result<std::string> reply) {
                              outcome = failure ? Result<void>(internal_error("a notification threw"))
                                                : reply ? Result<void>() : Result<void>(reply.error());
                          });
    context.run();
    return outcome;
}

}  // namespace

notifications::Courier::Senders notification_senders(Services& services) {
    using namespace notifications;
    const auto webhook = std::make_shared<WebhookSender>(services.http, services.key);
    return {{"email", std::make_shared<MailSender>()},
            {"slack", std::make_shared<SlackSender>(services.http)},
            {"webhook", webhook},
            {"callback", webhook},
            {"plugin", std::make_shared<PluginSender>([&services](const TenantId& tenant, const ConnectorKey& key, const auto& notification,
                                                                  const std::stop_token& stop) {
                 return notify(services, tenant, key, notification, stop);
             })}};
}

}  // namespace quell::app
