// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"

namespace quell::oauth {

using Parameters = std::vector<std::pair<std::string_view, std::string_view>>;

// `uri` with the parameters added to its query; empty values are left out (RFC 6749 4.1.2).
std::string with_parameters(std::string_view uri, const Parameters& parameters);

// 302 after GET, 303 after POST, so that a password or a form is never sent on (RFC 9700 4.12). Not stored, no
// referrer.
http::Response redirect(unsigned status, std::string location);

}  // namespace quell::oauth
