// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::config {

// "name@host.example": ASCII without spaces, quotes, angle brackets and control characters, at most 254 (RFC 5321 4.5.3), so
// that it can stand in a mail's envelope and header as it is.
bool is_mail_address(std::string_view text);

}  // namespace quell::config
