// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notifications/webhook_sender.hpp"

#include "config/secret_ref.hpp"
#include "notifications/payload.hpp"
#include "notifications/post.hpp"
#include "notifications/signing.hpp"

namespace quell::notifications {
namespace {

Delivery judged(Posted posted) {
    if (posted.status == 0) {
        return std::move(posted.failure);
    }
    if (posted.status >= 200 && posted.status < 300) {
        return {};
    }
    const std::string why = "The receiver answered " + std::to_string(posted.status) + ".";
    const auto end = posted.status == 410 ? Delivery::End::gone : Delivery::End::retry;
    return {end, why, posted.wait};
}

}  // namespace

Result<SecretString> WebhookSender::secret(const store::NotificationRow& row, const config::WebhookChannel& channel) const {
    if (row.channel == "webhook" && channel.secret) {
        return config::read_secret(*channel.secret);
    }
    return own_secret(key_, row.tenant);
}

Delivery WebhookSender::send(const store::NotificationRow& row, const config::Settings& settings, const std::stop_token& stop) {
    const auto tenant = settings.tenants.find(row.tenant);
    const config::WebhookChannel channel = tenant == settings.tenants.end() ? config::WebhookChannel() : tenant->second.notifications.webhook;
    const bool is_callback = row.channel == "callback";
    if (!is_callback && !channel.enabled) {
        return {Delivery::End::give_up, "The webhook is switched off."};
    }
    const auto given = secret(row, channel);
    const auto key = given ? signing_key(*given) : Result<SecretString>(given.error());
    const auto body = is_callback ? Result<std::string>(row.payload) : webhook_body(row.payload);
    if (!key || !body) {
        return {Delivery::End::retry, (key ? body.error() : key.error())->message};
    }
    // A URL that was put right in the settings holds for what waits, too.
    return judged(post(http_,
                       {.url = is_callback ? row.destination : channel.url,
                        .headers = signed_headers(*key, row.id, now_(), *body),
                        .body = *body,
                        .allow_insecure_loopback = settings.webhooks.allow_insecure_loopback},
                       stop));
}

}  // namespace quell::notifications
