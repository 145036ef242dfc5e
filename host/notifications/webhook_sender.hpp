// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>

#include "crypto/seal.hpp"
#include "egress/http_client.hpp"
#include "notifications/sender.hpp"

namespace quell::notifications {

// Signed webhooks: those of the tenant's settings and the callbacks of calls. The secret of the settings, else the tenant's
// own. Every status but 2xx and 410 is tried again, a redirect too: it is never followed (SS-02).
class WebhookSender : public Sender {
  public:
    WebhookSender(egress::HttpClient& http, const crypto::SealingKey& key, std::function<WallTime()> now = wall_now)
        : http_(http), key_(key), now_(std::move(now)) {}
    Delivery send(const store::NotificationRow& row, const config::Settings& settings, const std::stop_token& stop) override;

  private:
    Result<SecretString> secret(const store::NotificationRow& row, const config::WebhookChannel& channel) const;

    egress::HttpClient& http_;
    const crypto::SealingKey& key_;
    const std::function<WallTime()> now_;
};

}  // namespace quell::notifications
