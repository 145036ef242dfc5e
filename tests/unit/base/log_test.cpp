// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/log.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace quell::log {
namespace {

// LG-01
TEST(Log, WritesOneValidLineWhateverTheValueHolds) {
    const std::string hostile = "a\r\n{\"forged\":1}\x1b[31m\x7f\xE2\x80\xAE\xC2\x9B end";

    const std::string line = format(Level::warn, "device", {{"hostname", hostile}});

    for (const char c : line) {
        EXPECT_GE(static_cast<unsigned char>(c), 0x20);
        EXPECT_NE(c, 0x7F);
    }
    EXPECT_EQ(line.find("\xE2\x80\xAE"), std::string::npos);
    EXPECT_EQ(line.find("\xC2\x9B"), std::string::npos);
    EXPECT_EQ(boost::json::parse(line).at("hostname").as_string(), hostile);
}

TEST(Log, KeepsOrdinaryLettersReadable) {
    EXPECT_NE(format(Level::info, "x", {{"name", "Zoë 日本"}}).find("Zoë 日本"), std::string::npos);
}

}  // namespace
}  // namespace quell::log
