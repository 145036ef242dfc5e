// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/request_state.hpp"

#include <gtest/gtest.h>

namespace quell::mcp {
namespace {

class RequestStatesTest : public ::testing::Test {
  protected:
    RequestStates::Binding binding() const {
        return {.caller = caller_, .method = "tools/call", .name = "t", .arguments = "{}", .once = true};
    }

    const identity::Principal caller_{TenantId("acme"), "user:1", "a", ClientId("c"), {}};
    const crypto::SealingKey key_ = crypto::SealingKey::make(SecretString(std::string(32, 'k'))).value();
    RequestStates states_{key_};
    const WallTime now_ = from_unix_millis(1'000'000);
};

TEST_F(RequestStatesTest, ComeBackAsTheyWere) {
    EXPECT_EQ(states_.open(states_.seal("a|b", binding(), now_), binding(), now_).value(), "a|b");
}

// MC-13
TEST_F(RequestStatesTest, AreRefusedWhenAltered) {
    std::string sealed = states_.seal("state", binding(), now_);
    EXPECT_FALSE(states_.open(sealed + "-TAMPERED", binding(), now_));
    sealed[sealed.size() / 2] = sealed[sealed.size() / 2] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(states_.open(sealed, binding(), now_));
    EXPECT_FALSE(states_.open("", binding(), now_));
}

TEST_F(RequestStatesTest, BelongToOneCallerAndOneRequest) {
    const std::string sealed = states_.seal("state", binding(), now_);
    const identity::Principal other{TenantId("acme"), "user:2", "b", ClientId("c"), {}};
    RequestStates::Binding wrong_tool = binding(), wrong_arguments = binding(), wrong_method = binding();
    wrong_tool.name = "u";
    wrong_arguments.arguments = R"({"a":1})";
    wrong_method.method = "prompts/get";
    const RequestStates::Binding wrong_caller{.caller = other, .method = "tools/call", .name = "t", .arguments = "{}", .once = true};
    for (const RequestStates::Binding* wrong : std::initializer_list<const RequestStates::Binding*>{&wrong_tool, &wrong_arguments, &wrong_method, &wrong_caller}) {
        EXPECT_FALSE(states_.open(sealed, *wrong, now_));
    }
    EXPECT_TRUE(states_.open(sealed, binding(), now_));
}

TEST_F(RequestStatesTest, AreGoodForTenMinutes) {
    const std::string sealed = states_.seal("state", binding(), now_);
    EXPECT_FALSE(states_.open(sealed, binding(), now_ + std::chrono::minutes(10)));
    EXPECT_TRUE(states_.open(sealed, binding(), now_ + std::chrono::minutes(10) - Millis(1)));
}

TEST_F(RequestStatesTest, AreTakenOnceWhereTheCallActs) {
    const std::string sealed = states_.seal("state", binding(), now_);
    EXPECT_TRUE(states_.open(sealed, binding(), now_));
    EXPECT_FALSE(states_.open(sealed, binding(), now_));

    RequestStates::Binding harmless = binding();
    harmless.once = false;
    const std::string other = states_.seal("state", harmless, now_);
    EXPECT_TRUE(states_.open(other, harmless, now_));
    EXPECT_TRUE(states_.open(other, harmless, now_));
}

}  // namespace
}  // namespace quell::mcp
