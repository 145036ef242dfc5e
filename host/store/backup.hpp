// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"

namespace quell::store {

// Copies the open store `live` into the new file `target` while writing goes on: one consistent moment of it, checked,
// synced, mode 0600, and only then under its name. Any thread of the process that holds the store; blocks. Answers with
// the copy's bytes. already_exists if `target` is there; what fails leaves no file.
Result<std::uint64_t> back_up(const std::filesystem::path& live, const std::filesystem::path& target);

}  // namespace quell::store
