// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/secret_document.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"

namespace quell::plugins {
namespace {

Result<std::vector<SecretString>> cut(std::string_view fields, std::string_view bytes) {
    const auto document = json::parse(fields);
    return cut_values(document->get_array(), bytes);
}

TEST(SecretDocument, IsCutByTheSizesOfItsFields) {
    const auto values = cut(R"([{"name":"a","size":3},{"name":"b","size":0},{"name":"c","size":2}])", "x\nyzz");

    ASSERT_TRUE(values);
    EXPECT_EQ((*values)[0].reveal(), "x\ny");
    EXPECT_EQ((*values)[1].reveal(), "");
    EXPECT_EQ((*values)[2].reveal(), "zz");
}

TEST(SecretDocument, WhoseSizesAreNotThoseOfItsBytesIsABadResult) {
    for (const auto& [fields, bytes] : std::initializer_list<std::pair<const char*, const char*>>{
             {R"([{"name":"a","size":3}])", "xy"},
             {R"([{"name":"a","size":1}])", "xy"},
             {R"([{"name":"a","size":-1}])", ""},
             {R"([{"name":"a","size":9223372036854775807}])", "xy"},
             {R"([{"name":"a","size":1},{"name":"a","size":1}])", "xy"}}) {
        const auto values = cut(fields, bytes);
        ASSERT_FALSE(values) << fields;
        EXPECT_EQ(values.error()->key, "plugin_bad_result");
    }
}

TEST(SecretDocument, IsWrittenAsItIsRead) {
    std::vector<SecretField> fields;
    fields.push_back({"a", SecretString("one\n")});
    fields.push_back({"b", SecretString("two")});

    const std::string text = join_document({{"path", "secret/x"}}, fields);

    EXPECT_EQ(text, R"({"path":"secret/x","fields":[{"name":"a","size":4},{"name":"b","size":3}]})"
                    "\none\ntwo");
}

}  // namespace
}  // namespace quell::plugins
