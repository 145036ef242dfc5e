// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/call.hpp>
#include <quell/health.hpp>
#include <vector>

#include "slack_api.hpp"

namespace slack {

// Whether the token lives and has the scopes that the plugin needs.
quell::HealthCheck check_bot_token(const SlackApi& api, quell::Call& call, bool sends_messages);
quell::HealthCheck check_user_token(const SlackApi& api, quell::Call& call);

}  // namespace slack
