// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "config/source_position.hpp"

namespace quell::config {

// One mistake in a settings file.
struct Diagnostic {
    std::string file;
    int line = 0;    // from 1; 0: the file as a whole
    int column = 0;  // from 1
    std::string message;
};

Diagnostic make_diagnostic(const SourcePosition& position, std::string message);

// "file:line:column: message", the form that editors jump to; "file: message" without a line.
std::string to_string(const Diagnostic& diagnostic);

}  // namespace quell::config
