// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace quell::http {

// A page for people, with the headers of OA-24: no script, style of this host alone, in no frame, kept nowhere.
// `form_action` is what the page's form may lead to besides this host: browsers apply the policy to the redirects after
// a form as well.
Response page(unsigned status, std::string html, std::string_view form_action = {});

}  // namespace quell::http
