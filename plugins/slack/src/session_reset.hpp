// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/call.hpp>
#include <quell/session_revocation.hpp>
#include <string>

#include "slack_api.hpp"

namespace slack {

// Ends a user's sessions (admin.users.session.reset, V79+). Doing it twice does no harm. An Error
// means that the effect is not known.
quell::Result<quell::AccountOutcome> reset_sessions(const SlackApi& api, quell::Call& call, const std::string& user_id,
                                                    bool mobile_only, bool web_only);

}  // namespace slack
