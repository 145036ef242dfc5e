// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

// Reasons, names and messages come from outside and must not steer the terminal that shows them (LG-01).
namespace quell::cli {

// With '?' for controls, and for marks that hide text, turn its direction or end the line.
std::string for_terminal(std::string_view text);

// The same JSON in ASCII: what is not printable ASCII is written as \uXXXX (RFC 8259 7).
std::string to_ascii_json(std::string_view json);

}  // namespace quell::cli
