// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/accept.hpp"

#include <gtest/gtest.h>

namespace quell::http {
namespace {

// HT-10
TEST(Accept, LetsJsonThroughWhereItIsMeant) {
    for (const char* accept : {"", "  ", "*/*", "application/*", "application/json", "Application/JSON; charset=utf-8",
                               "application/json, text/event-stream", "text/event-stream ,application/json;q=0.1",
                               "text/html, */*;q=0.8", "application/json;q=0, */*"}) {
        EXPECT_TRUE(accepts_json(accept)) << accept;
    }
}

// HT-10
TEST(Accept, RefusesWhatNothingCanMeet) {
    for (const char* accept : {"text/html", "image/*", "text/event-stream", "application/jsonx", "application/json;q=0",
                               "application/json; charset=utf-8; q=0.000, text/html", ",", "*/*;q=0", "json", "application"}) {
        EXPECT_FALSE(accepts_json(accept)) << accept;
    }
}

}  // namespace
}  // namespace quell::http
