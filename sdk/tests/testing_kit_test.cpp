// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quell/testing/fake_host.hpp>

namespace quell::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FakeHostTest : public ::testing::Test {
  protected:
    Answer resolve(std::string_view wish) {
        return plugin_->call(
            "device_containment/1", "resolve",
            R"({"lookup":{"lookup_type":"hostname","value":")" + std::string(wish) + "\"}}");
    }

    FakeHost host_;
    std::unique_ptr<PluginInstance> plugin_ =
        host_.create(quell_plugin_entry, R"({"mood":"good"})");
};

TEST_F(FakeHostTest, ReportsARequestThatWasNotExpected) {
    (void)resolve("search");

    EXPECT_THAT(host_.problems(), ElementsAre(HasSubstr("not expected: POST")));
}

TEST_F(FakeHostTest, ReportsARequestThatDidNotCome) {
    host_.expect("GET", "/x");

    EXPECT_THAT(host_.problems(), ElementsAre("did not come: GET /x"));
}

TEST_F(FakeHostTest, ReportsWhatDiffers) {
    host_.expect("POST", "/other").reply(200, "", {{"x-host", "a"}});
    (void)resolve("search");
    host_.expect("POST", "/search").with_query("a", "1").reply(200, "", {{"x-host", "a"}});
    (void)resolve("search");
    host_.expect("POST", "/search").with_body(R"({"a":1})").reply(200, "", {{"x-host", "a"}});
    (void)resolve("search");

    EXPECT_THAT(host_.problems(), SizeIs(3));
}

// PF-08
TEST_F(FakeHostTest, LetsNoChangingRequestThroughInAReadOnlyCall) {
    EXPECT_EQ(resolve("change").status(), Status::permission_denied);
    EXPECT_THAT(host_.problems(), ElementsAre(HasSubstr("read-only")));
}

TEST_F(FakeHostTest, FindsCanaries) {
    host_.add_canary("alice");
    host_.expect("POST", "/search").reply(200, "", {{"x-host", "alice"}});
    (void)resolve("search");

    EXPECT_THAT(host_.problems(), ElementsAre(HasSubstr("a reply")));
}

TEST_F(FakeHostTest, MovesItsClockByHandAndBySleeping) {
    const Time before = host_.now();
    host_.advance(std::chrono::seconds{5});
    host_.set_time_limit(std::chrono::seconds{10});
    (void)resolve("sleep");

    EXPECT_EQ(host_.now() - before, std::chrono::seconds(15));
    EXPECT_THAT(host_.problems(), IsEmpty());
}

TEST_F(FakeHostTest, ReportsAMethodThatIsNotThere) {
    (void)plugin_->call("health/1", "check", "{}");

    EXPECT_THAT(host_.problems(), ElementsAre(HasSubstr("no method")));
}

}  // namespace
}  // namespace quell::testing
