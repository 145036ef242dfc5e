// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string_view>

#include "json/value.hpp"

namespace quell::mcp {

inline constexpr std::string_view kTasksExtension = "io.modelcontextprotocol/tasks";

// Kept as long as a session or a task is, so not of any length: over 16 KiB of JSON text.
bool are_too_long(const json::Object& capabilities);

bool declares_tasks(const json::Object& capabilities);

// What of `required` (ClientCapabilities) the client has not declared; nothing if it has all.
std::optional<json::Object> missing_of(const json::Object& required, const json::Object& declared);

// What a question to the client needs that it has not declared (ClientCapabilities); nothing if it may be asked. An empty
// `elicitation` means forms alone.
std::optional<json::Object> missing_for(std::string_view method, const json::Object* params, const json::Object& declared);

}  // namespace quell::mcp
