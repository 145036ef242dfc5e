// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "egress/http_client.hpp"
#include "notifications/message.hpp"
#include "notifications/sender.hpp"

namespace quell::notifications {

// A Slack incoming webhook (L22). Its URL is a secret and never shown.
class SlackSender : public Sender {
  public:
    explicit SlackSender(egress::HttpClient& http) : http_(http) {}
    Delivery send(const store::NotificationRow& row, const config::Settings& settings, const std::stop_token& stop) override;

  private:
    egress::HttpClient& http_;
};

// The message as Slack wants it: nothing of it is taken for markup or a mention.
std::string slack_body(const Message& message, const std::string& channel);

}  // namespace quell::notifications
