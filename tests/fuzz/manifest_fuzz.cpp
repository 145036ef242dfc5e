// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/manifest.hpp"
#include "target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto manifest = quell::plugins::parse_manifest(quell::fuzz::as_text(data, size));
    if (manifest) {
        quell::fuzz::require(!manifest->id.empty());
    }
    return 0;
}
