// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "approvals/service.hpp"
#include "notifications/message.hpp"
#include "secrets/access_log.hpp"

namespace quell::app {

// What people are told of a step of an approval, and of an alert about secrets (L05, L21 to L23). No value, no token.
notifications::Message notice_of(approvals::Event event, const approvals::Approval& approval, std::string_view public_url);
notifications::Message notice_of(const secrets::Alarm& alarm);

}  // namespace quell::app
