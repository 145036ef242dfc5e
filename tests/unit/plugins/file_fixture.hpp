// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace quell::plugins::test {

// A directory of its own for each test, only for its owner, removed at the end.
class FileTest : public testing::Test {
  protected:
    FileTest() {
        std::string name = testing::TempDir() + "quell-plugins-XXXXXX";
        directory_ = ::mkdtemp(name.data());
    }
    ~FileTest() override { std::filesystem::remove_all(directory_); }

    std::filesystem::path put(const std::string& name, const std::string& bytes) {
        std::ofstream(directory_ / name, std::ios::binary) << bytes;
        std::filesystem::permissions(directory_ / name, std::filesystem::perms(0644));
        return directory_ / name;
    }
    static std::string read(const std::filesystem::path& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    static std::string plugin_bytes(const std::string& name) {
        return read(std::filesystem::path(QUELL_TEST_PLUGINS) / name);
    }

    std::filesystem::path directory_;
};

}  // namespace quell::plugins::test
