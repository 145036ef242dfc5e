// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "base/clock.hpp"

namespace quell::egress {

// One mail to one recipient. The addresses are plain ones (config::is_mail_address); subject and text may be any UTF-8.
struct Mail {
    std::string from;
    std::string to;
    std::string subject;
    std::string text;
    std::string id;  // of its own; the same for a repetition, so that readers see it once
    WallTime at{};
};

// The mail as RFC 5322 text with CR LF. Subject and text go encoded (RFC 2047, base64), so that no byte of them can become a
// header or end the mail.
std::string mail_message(const Mail& mail);

}  // namespace quell::egress
