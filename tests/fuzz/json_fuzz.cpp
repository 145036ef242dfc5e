// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/parse.hpp"
#include "json/serialize.hpp"
#include "target.hpp"

// What the guard accepts reads back as the same value.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto value = quell::json::parse(quell::fuzz::as_text(data, size));
    if (value) {
        const auto again = quell::json::parse(quell::json::serialize(*value));
        quell::fuzz::require(again.has_value() && quell::json::canonical(*again) == quell::json::canonical(*value));
    }
    return 0;
}
