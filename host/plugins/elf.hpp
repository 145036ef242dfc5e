// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

#include "base/result.hpp"

namespace quell::plugins {

// The bytes of the one section `name` of a 64-bit shared library for this machine, read without running or mapping
// anything. The file is hostile: every offset and size in it is checked before it is followed. The view lives as
// long as `file`. connector_misconfigured with a sentence that says what the file is instead.
Result<std::string_view> find_section(std::string_view file, std::string_view name);

}  // namespace quell::plugins
