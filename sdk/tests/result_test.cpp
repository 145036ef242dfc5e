// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>

#include <memory>
#include <quell/result.hpp>
#include <string>

namespace quell {
namespace {

Result<std::unique_ptr<int>> make(bool good) {
    if (!good)
        return not_found("none");
    return std::make_unique<int>(7);
}

Result<std::string> use(bool good) {
    QUELL_TRY(const std::unique_ptr<int> value, make(good));
    return std::to_string(*value);
}

TEST(Result, HoldsAValueThatCanOnlyBeMoved) {
    EXPECT_EQ(*use(true), "7");
}

TEST(Result, PassesTheErrorOn) {
    EXPECT_FALSE(use(false));
    EXPECT_EQ(use(false).error().status, Status::not_found);
}

TEST(Result, OfVoidIsGoodUnlessItHoldsAnError) {
    EXPECT_TRUE(Result<void>());
    EXPECT_FALSE(Result<void>(internal_error("x")));
}

TEST(HttpError, GivesEachStatusItsCode) {
    EXPECT_EQ(http_error(401, "").status, Status::unauthenticated);
    EXPECT_EQ(http_error(403, "").status, Status::permission_denied);
    EXPECT_EQ(http_error(404, "").status, Status::not_found);
    EXPECT_EQ(http_error(409, "").status, Status::aborted);
    EXPECT_EQ(http_error(429, "").status, Status::resource_exhausted);
    EXPECT_EQ(http_error(503, "").status, Status::unavailable);
    EXPECT_EQ(http_error(422, "").status, Status::unknown);
    EXPECT_EQ(http_error(422, "").http_status, 422);
}

TEST(Status, IsSpelledAsOnTheWire) {
    EXPECT_EQ(to_string(Status::failed_precondition), "failed_precondition");
    for (int code = 0; code <= 16; ++code)
        EXPECT_EQ(parse_status(to_string(static_cast<Status>(code))), static_cast<Status>(code));
    EXPECT_FALSE(parse_status("FAILED"));
}

}  // namespace
}  // namespace quell
