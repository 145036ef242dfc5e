// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/load.hpp"
#include "target.hpp"

namespace {

std::filesystem::path folder() {
    static const std::filesystem::path made = [] {
        std::string name = std::filesystem::temp_directory_path() / "quell-fuzz-XXXXXX";
        quell::fuzz::require(mkdtemp(name.data()) != nullptr);
        std::filesystem::create_directory(std::filesystem::path(name) / "tenants");
        return std::filesystem::path(name);
    }();
    return made;
}

}  // namespace

// The loader reads files, so the input becomes one; a mistake has a place and a sentence.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto path = folder() / "quell.toml";
    std::ofstream(path, std::ios::binary | std::ios::trunc) << quell::fuzz::as_text(data, size);
    const auto loaded = quell::config::load(path);
    for (const auto& diagnostic : loaded.errors) {
        quell::fuzz::require(!diagnostic.message.empty() && !diagnostic.file.empty());
    }
    return 0;
}
