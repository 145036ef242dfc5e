// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

namespace quell::config {

// Where a setting is written. Lines and columns count from 1; 0 means the file as a whole.
struct SourcePosition {
    std::string file;
    int line = 0;
    int column = 0;
};

}  // namespace quell::config
