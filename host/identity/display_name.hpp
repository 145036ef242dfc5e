// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

#include "base/result.hpp"

namespace quell::identity {

// A name that people will read on consent pages and in lists: 1 to 100 bytes of UTF-8 without control characters and
// without marks that change the direction or hide text, so that it cannot pass itself off as another (UI-01).
Result<void> check_display_name(std::string_view name);

}  // namespace quell::identity
