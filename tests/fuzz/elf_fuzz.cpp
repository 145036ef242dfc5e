// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/elf.hpp"
#include "target.hpp"

// The section of a hostile file lies inside the file.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = quell::fuzz::as_text(data, size);
    const auto section = quell::plugins::find_section(file, ".quell.manifest");
    if (section && !section->empty()) {
        quell::fuzz::require(section->data() >= file.data() &&
                             section->data() + section->size() <= file.data() + file.size());
    }
    return 0;
}
