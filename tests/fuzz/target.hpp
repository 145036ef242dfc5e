// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// Each target is one parser of untrusted bytes: it must return, and what it accepts must hold.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace quell::fuzz {

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

inline void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

}  // namespace quell::fuzz
