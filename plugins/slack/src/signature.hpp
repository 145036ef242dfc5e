// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/inbound_event.hpp>
#include <quell/result.hpp>
#include <string>
#include <string_view>

namespace slack {

// Slack's signature v0: HMAC-SHA256 with the app's signing secret over "v0:", the time stamp, ":"
// and every byte of the body. The time stamp may be five minutes off, in the past and in the future
// (SL-01, SL-02). Returns the signature in hex, which tells the request from all others; the Error's
// message is for the log.
quell::Result<std::string> check_signature(const quell::InboundRequest& request, std::string_view signing_secret);

}  // namespace slack
