// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/diagnostic.hpp"

#include <utility>

namespace quell::config {

Diagnostic make_diagnostic(const SourcePosition& position, std::string message) {
    return {position.file, position.line, position.column, std::move(message)};
}

std::string to_string(const Diagnostic& diagnostic) {
    std::string text = diagnostic.file + ":";
    if (diagnostic.line > 0)
        text += std::to_string(diagnostic.line) + ":" + std::to_string(diagnostic.column) + ":";
    return text + " " + diagnostic.message;
}

}  // namespace quell::config
