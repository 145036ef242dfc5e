// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/doctor.hpp"

#include <gtest/gtest.h>

namespace quell::app {
namespace {

using egress::RequestKind;
using egress::RequestLine;

RequestLine line(RequestKind kind, int status) {
    return {.kind = kind, .status = status};
}

plugins::Health ill(std::string message = "x") {
    return {.healthy = false, .checks = {{.name = "read", .ok = false, .message = std::move(message)}}};
}

TEST(Doctor, IsContentWithAHealthyConnector) {
    EXPECT_EQ(judge(plugins::Health{.healthy = true, .checks = {}}, {line(RequestKind::reading, 401)}), Verdict::ok);
}

TEST(Doctor, CallsAProviderUnreachableThatNeverAnswered) {
    EXPECT_EQ(judge(ill(), {line(RequestKind::token, 0)}), Verdict::unreachable);
    EXPECT_EQ(judge(ill(), {}), Verdict::unreachable);
    EXPECT_EQ(judge(Error(Code::deadline_exceeded, "deadline_exceeded", "late"), {line(RequestKind::reading, 0)}), Verdict::unreachable);
}

TEST(Doctor, TellsARefusedCredentialFromAMissingPermission) {
    EXPECT_EQ(judge(ill(), {line(RequestKind::token, 401)}), Verdict::credential_refused);
    EXPECT_EQ(judge(ill(), {line(RequestKind::token, 200), line(RequestKind::reading, 401)}),
              Verdict::credential_refused);
    EXPECT_EQ(judge(ill(), {line(RequestKind::token, 200), line(RequestKind::reading, 403)}),
              Verdict::permission_missing);
    EXPECT_EQ(judge(ill("invalid_scope"), {line(RequestKind::token, 400)}), Verdict::permission_missing);
}

TEST(Doctor, ForgetsA401ThatAFreshTokenHealed) {
    EXPECT_EQ(judge(ill(), {line(RequestKind::reading, 401), line(RequestKind::token, 200), line(RequestKind::reading, 403)}),
              Verdict::permission_missing);
}

TEST(Doctor, BlamesTheProviderForItsOwnTrouble) {
    EXPECT_EQ(judge(ill(), {line(RequestKind::reading, 503)}), Verdict::provider_failing);
    EXPECT_EQ(judge(ill(), {line(RequestKind::token, 429)}), Verdict::provider_failing);
}

TEST(Doctor, BlamesThePluginThatGivesNoAnswer) {
    EXPECT_EQ(judge(internal_error("x"), {}), Verdict::plugin_failed);
    EXPECT_EQ(judge(internal_error("x"), {line(RequestKind::reading, 200)}), Verdict::plugin_failed);
}

}  // namespace
}  // namespace quell::app
