// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <nlohmann/json.hpp>
#include <quell/http_message.hpp>
#include <quell/result.hpp>

namespace slack {

// What an answer with `"ok": false` means (PROVIDERS.md 6). Slack's own word is the provider_code;
// its other texts are not passed on.
quell::Error refusal(const nlohmann::json& document);

// What an answer other than HTTP 200 means: 429 with the time to come back, or a failing server.
quell::Error http_refusal(const quell::HttpResponse& response);

// Slack says that there is no such user.
bool is_unknown_user(const quell::Error& error);

}  // namespace slack
