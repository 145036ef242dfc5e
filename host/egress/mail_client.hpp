// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "egress/mail_message.hpp"

namespace quell::egress {

// The administrator's own mail server: on whatever address, but never without TLS unless that is said.
struct MailServer {
    enum class Security { starttls, tls, none };
    std::string host;
    std::uint16_t port = 587;
    Security security = Security::starttls;
    std::string username{};  // empty: without login
    SecretString password{};
    std::string ca_file{};  // empty: the system's bundle
};

// Hands one mail over by SMTP, in at most 30 seconds. Blocks its thread; for worker threads. The server's last reply code,
// 250 when it has taken the mail; an error if there was no such answer: unavailable, deadline_exceeded, cancelled, or
// failed_precondition for its certificate, for a server without STARTTLS and for a login that it refuses.
Result<int> send_mail(const MailServer& server, const Mail& mail, const std::stop_token& stop);

}  // namespace quell::egress
