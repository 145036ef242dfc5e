// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace quell::console {

// The page of a challenge that can be answered. Everything is text, whoever wrote it.
struct VerificationPage {
    unsigned status = 200;
    std::string action;     // the page's own path
    std::string csrf;
    std::string tenant;
    std::string asked_by;   // authenticated by this host
    std::string target;
    std::string requester;  // these two as the asking agent wrote them
    std::string context;
    std::string expires_at;
    std::string provider;   // of a fresh sign-in; empty: a password of this host is asked for
    std::string problem;
    std::vector<std::string> support;
};

http::Response render(const VerificationPage& page);
// On the way to a provider; not a redirect, which the policy for forms would forbid.
http::Response leaving_page(const std::string& label, const std::string& url);

}  // namespace quell::console
