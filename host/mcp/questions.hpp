// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "mcp/content_call.hpp"

namespace quell::mcp {

// The bridge to the older era: sends a plugin's questions (JSON text of an object by key) to the client as requests on the call's
// stream, and waits for the answers, which come as other POSTs of the session. The answers by key. Errors: the client cannot be
// asked, refuses one, does not answer within ten minutes, or its session ends.
base::Task<json::Object> ask_session(std::shared_ptr<ContentCall> call, std::string requests);

}  // namespace quell::mcp
