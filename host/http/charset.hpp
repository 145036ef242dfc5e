// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::http {

// Whether a Content-Type names no other charset than UTF-8 (RFC 9110 8.3.1): none, or that one.
bool has_utf8_charset(std::string_view content_type);

}  // namespace quell::http
