// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/error.hpp"

namespace quell::cli {

// The documented, stable exit codes (LIBRARIES.md 4).
inline constexpr int kOk = 0;
inline constexpr int kUsageOrConfig = 1;
inline constexpr int kRemote = 2;
inline constexpr int kStore = 3;
inline constexpr int kRefused = 4;

int exit_code_of(const Error& error);

}  // namespace quell::cli
