// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <quell/http_message.hpp>
#include <string>

namespace okta_sessions {

// RFC 8288: the cursor (`after`) of the link with rel="next", decoded; nothing if there is no such
// link. The link's address is not followed: it is the provider's text, and the credentials go only
// where the settings say. A next link without a usable cursor is an empty text.
std::optional<std::string> next_cursor(const quell::HttpResponse& response);

}  // namespace okta_sessions
