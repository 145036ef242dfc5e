// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/arguments.hpp"

#include <gmock/gmock.h>

#include "json/parse.hpp"

namespace quell::challenges {
namespace {

Result<CreateArguments> read(std::string_view text) { return read_arguments(json::parse(text)->as_object()); }

// V31
TEST(ChallengeArguments, NameBothWaysToGiveATargetWhereNoneIsGiven) {
    const auto arguments = read(R"({"context": "who is it"})");

    ASSERT_FALSE(arguments.has_value());
    EXPECT_EQ(arguments.error()->key, "invalid_arguments");
    EXPECT_THAT(arguments.error()->message, testing::AllOf(testing::HasSubstr("target_user_id"),
                                                           testing::HasSubstr("target_user_email")));
}

// V31, V32
TEST(ChallengeArguments, TakeEitherTargetAlone) {
    EXPECT_EQ(read(R"({"target_user_id": "00u1"})")->target_user_id, "00u1");
    EXPECT_EQ(read(R"({"target_user_email": "Alice@Corp.Example"})")->target_user_email, "alice@corp.example");
}

// V40
TEST(ChallengeArguments, TakeTheExampleOfTheDocumentation) {
    const auto arguments = read(
        R"({"target_user_email": "user@example.com", "context": "Suspicious login", "expiry_minutes": 30})");

    ASSERT_TRUE(arguments.has_value());
    EXPECT_EQ(arguments->context, "Suspicious login");
    EXPECT_EQ(arguments->expiry, std::chrono::minutes(30));
}

// V37
TEST(ChallengeArguments, KnowTwoIntegrationTypes) {
    EXPECT_EQ(read(R"({"target_user_id": "u"})")->integration_type, IntegrationType::webhook);
    EXPECT_EQ(read(R"({"target_user_id": "u", "integration_type": "slack"})")->integration_type, IntegrationType::slack);
    EXPECT_FALSE(read(R"({"target_user_id": "u", "integration_type": "sms"})").has_value());
}

struct ExpiryCase {
    const char* text;
    bool is_taken;
};

class ExpiryMinutes : public testing::TestWithParam<ExpiryCase> {};

// V39
TEST_P(ExpiryMinutes, AreWholeNumbersFromOneToAWeek) {
    const std::string text = std::string(R"({"target_user_id": "u", "expiry_minutes": )") + GetParam().text + "}";

    EXPECT_EQ(read(text).has_value(), GetParam().is_taken) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(All, ExpiryMinutes,
                         testing::Values(ExpiryCase{"0", false}, ExpiryCase{"1", true}, ExpiryCase{"10080", true},
                                         ExpiryCase{"10081", false}, ExpiryCase{"1.5", false}, ExpiryCase{"\"30\"", false},
                                         ExpiryCase{"-1", false}, ExpiryCase{"true", false},
                                         ExpiryCase{"99999999999999999999", false}, ExpiryCase{"null", true}));

TEST(ChallengeArguments, RefuseWhatTheyDoNotKnowAndWhatIsTooLong) {
    EXPECT_FALSE(read(R"({"target_user_id": "u", "targetUserId": "v"})").has_value());
    EXPECT_FALSE(read(R"({"target_user_id": ""})").has_value());
    EXPECT_FALSE(read(R"({"target_user_id": "a\nb"})").has_value());
    EXPECT_FALSE(read(R"({"target_user_email": "alice"})").has_value());
    EXPECT_FALSE(read(R"({"target_user_id": "u", "requester_email": "x"})").has_value());
    EXPECT_TRUE(read(R"({"target_user_id": "u", "context": ")" + std::string(2000, 'x') + "\"}").has_value());
    EXPECT_FALSE(read(R"({"target_user_id": "u", "context": ")" + std::string(2001, 'x') + "\"}").has_value());
}

TEST(ChallengeArguments, HaveOneDigestForOneMeaning) {
    const auto digest = [](std::string_view text) { return arguments_digest(*read(text)); };

    EXPECT_EQ(digest(R"({"target_user_id": "u", "context": "c"})"),
              digest(R"({"context": "c", "integration_type": "webhook", "target_user_id": "u", "idempotency_key": "k"})"));
    EXPECT_NE(digest(R"({"target_user_id": "u"})"), digest(R"({"target_user_id": "v"})"));
    EXPECT_NE(digest(R"({"target_user_id": "u"})"), digest(R"({"target_user_id": "u", "expiry_minutes": 15})"));
}

}  // namespace
}  // namespace quell::challenges
