// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/trace_context.hpp"

#include <gtest/gtest.h>

namespace quell {
namespace {

const std::string kTrace = "0af7651916cd43dd8448eb211c80319c";
const std::string kSpan = "b7ad6b7169203331";

TEST(TraceContext, ContinuesTheCallersTraceWithASpanOfItsOwn) {
    const auto context = TraceContext::parse("00-" + kTrace + "-" + kSpan + "-01");

    ASSERT_TRUE(context);
    EXPECT_EQ(context->trace_id(), kTrace);
    const std::string child = context->child();
    EXPECT_EQ(child.substr(0, 36), "00-" + kTrace + "-");
    EXPECT_EQ(child.substr(52), "-01");
    EXPECT_NE(child.substr(36, 16), kSpan);
    EXPECT_NE(child, context->child());
    EXPECT_TRUE(TraceContext::parse(child));
}

TEST(TraceContext, KeepsNoFlagButSampled) {
    EXPECT_EQ(TraceContext::parse("00-" + kTrace + "-" + kSpan + "-fe")->child().substr(52), "-00");
    EXPECT_EQ(TraceContext::parse("00-" + kTrace + "-" + kSpan + "-ff")->child().substr(52), "-01");
}

TEST(TraceContext, TakesALaterVersionsFirstParts) {
    EXPECT_TRUE(TraceContext::parse("01-" + kTrace + "-" + kSpan + "-01"));
    EXPECT_TRUE(TraceContext::parse("cc-" + kTrace + "-" + kSpan + "-01-what-the-future-brings"));
}

TEST(TraceContext, BeginsATraceThatIsValid) {
    const TraceContext context = TraceContext::begin();

    EXPECT_FALSE(context.empty());
    EXPECT_EQ(TraceContext::parse(context.child())->trace_id(), context.trace_id());
    EXPECT_NE(TraceContext::begin().trace_id(), context.trace_id());
}

class Malformed : public testing::TestWithParam<std::string> {};

TEST_P(Malformed, IsNotContinued) { EXPECT_FALSE(TraceContext::parse(GetParam())) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(Traceparents, Malformed,
                         testing::Values("", "00", "00-" + kTrace + "-" + kSpan, "00-" + kTrace + "-" + kSpan + "-",
                                         "00-" + kTrace + "-" + kSpan + "-0", "00-" + kTrace + "-" + kSpan + "-01-x",
                                         "00-" + kTrace + "-" + kSpan + "-01x", "01-" + kTrace + "-" + kSpan + "-01x",
                                         "ff-" + kTrace + "-" + kSpan + "-01", "0x-" + kTrace + "-" + kSpan + "-01",
                                         "00-" + std::string(32, '0') + "-" + kSpan + "-01",
                                         "00-" + kTrace + "-" + std::string(16, '0') + "-01",
                                         "00-0AF7651916CD43DD8448EB211C80319C-" + kSpan + "-01",
                                         "00-" + kTrace + "-" + kSpan + "-0G", "00_" + kTrace + "-" + kSpan + "-01",
                                         "00-" + kTrace.substr(1) + "\n-" + kSpan + "-01", " 00-" + kTrace + "-" + kSpan + "-0",
                                         "cc-" + kTrace + "-" + kSpan + "-01-" + std::string(300, 'a')));

}  // namespace
}  // namespace quell
