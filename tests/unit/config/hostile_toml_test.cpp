// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "config/settings_directory.hpp"
#include "config/toml_limits.hpp"

namespace quell::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string repeated(const std::string& text, std::size_t count) {
    std::string all;
    for (std::size_t index = 0; index < count; ++index)
        all += text;
    return all;
}

std::string limit_of(const std::string& text) {
    const auto found = exceeded_toml_limit(text, "f");
    return found ? to_string(*found) : "kept";
}

TEST(HostileToml, IsRefusedByItsSize) {
    EXPECT_THAT(errors_of(repeated("# comment\n", 200'000)),
                ElementsAre(HasSubstr("longer than 1048576 bytes")));
    EXPECT_THAT(errors_of("a = 1\nb = \"" + std::string(10'000, 'x') + "\"\n"),
                ElementsAre(HasSubstr("quell.toml:2:1: The file is refused: the line is longer")));
}

TEST(HostileToml, IsRefusedForLongDottedKeys) {
    const std::string key = repeated("a.", 16) + "a";
    for (const std::string& text :
         {key + " = 1", "[" + key + "]", "[[" + key + "]]", "x = { " + key + " = 1 }",
          "x = [{\n" + key + " = 1}]", repeated("'a' . ", 16) + "a = 1",
          repeated("\"a.b\".", 16) + "a = 1", "[" + repeated("a.", 4'000) + "a]"})
        EXPECT_THAT(limit_of(text), HasSubstr("more than 16 parts")) << text.substr(0, 100);
    EXPECT_EQ(limit_of(repeated("a.", 15) + "a = 1"), "kept");
}

TEST(HostileToml, IsRefusedForDeepNesting) {
    EXPECT_THAT(limit_of("a = " + repeated("[", 33)), HasSubstr("deeper than 32 levels"));
    EXPECT_THAT(limit_of("a = " + repeated("[\n", 33)), HasSubstr("f:33:1"));
    EXPECT_THAT(limit_of("a = " + repeated("{a=", 33)), HasSubstr("deeper than 32 levels"));
    EXPECT_THAT(errors_of("a = " + repeated("[", 4'000)),
                ElementsAre(HasSubstr("deeper than 32 levels")));
}

TEST(HostileToml, IsNotRefusedForWhatStringsAndCommentsHold) {
    const std::string dots = repeated(".", 40) + repeated("[", 40);
    for (const std::string& text :
         {"a = \"" + dots + "\"", "a = '" + dots + "'", "a = \"\"\"\n" + dots + "\n\"\"\"",
          "a = '''" + dots + "'''", "# " + dots, "a = \"\\\"" + dots + "\"",
          "a = \"\"\"\\\n" + dots + "\"\"\"\"\"", "a = \"\" # " + dots})
        EXPECT_EQ(limit_of(text), "kept") << text;
}

TEST(HostileToml, CannotHideKeysBehindQuotes) {
    const std::string key = repeated("a.", 16) + "a = 1";
    for (const char* start : {"a = \"\"\"x\"\"\"\"\"\n", "a = ''\n", "a = \"\\\\\"\n", "a = '\\'\n",
                              "a = '''''''\n", "a = \"\"\"\\\"\"\"\"\n", "# \"\n", "a = \"open\n"})
        EXPECT_THAT(limit_of(std::string(start) + key), HasSubstr("more than 16 parts")) << start;
}

TEST(HostileToml, NeverCrashesTheLoader) {
    for (const std::string& text :
         {std::string("\0", 1), std::string("\xEF\xBB\xBF"), std::string("\xFF\xFE"),
          repeated("[a]\n", 1'000), repeated("[[a]]\n", 50'000), repeated("a", 8'000),
          std::string("a = 1e999"), std::string("a = 0x"), std::string("a = 9223372036854775808"),
          std::string("= 1"), std::string("[]"), std::string("[[]]"), std::string("a.b = 1\na = 2"),
          std::string("a = {b=1}\n[a.c]"), std::string("\"\\ud800\" = 1")})
        EXPECT_NO_FATAL_FAILURE(errors_of(text));
}

}  // namespace
}  // namespace quell::config
