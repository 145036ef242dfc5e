// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>

#include "egress/mail_client.hpp"
#include "notifications/message.hpp"
#include "notifications/sender.hpp"

namespace quell::notifications {

// One mail to one recipient (L21).
class MailSender : public Sender {
  public:
    explicit MailSender(std::function<WallTime()> now = wall_now) : now_(std::move(now)) {}
    Delivery send(const store::NotificationRow& row, const config::Settings& settings, const std::stop_token& stop) override;

  private:
    const std::function<WallTime()> now_;
};

// The body of the mail: the message as plain text.
std::string mail_text(const Message& message);

}  // namespace quell::notifications
