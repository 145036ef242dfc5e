// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "base/result.hpp"
#include "json/value.hpp"

namespace quell::cli {

// How a command shows its answer: JSON with stable keys under --json, else text for people (a table for a list of
// objects, "name: value" lines for an object). What would steer a terminal is escaped or
// shown as '?' (terminal_text.hpp).
std::string render(const json::Value& value, bool as_json);

// The error document under --json, else "quell: message" with allowed values, candidates and the next step.
std::string render_error(const Error& error, bool as_json);

}  // namespace quell::cli
