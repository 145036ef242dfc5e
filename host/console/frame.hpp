// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <kainjow/mustache.hpp>
#include <string_view>

#include "http/message.hpp"

namespace quell::console {

// The frame of every page here: that of the sign-in pages (host/oauth/templates), with their style sheet and the headers
// of OA-24. Every value is escaped by the template engine.
http::Response in_frame(unsigned status, std::string_view text, kainjow::mustache::data values);

// A page that only says something; with `back`, a link to that path.
http::Response message_page(unsigned status, std::string_view title, std::string_view text, std::string_view back = {},
                            std::string_view back_label = {});

}  // namespace quell::console
