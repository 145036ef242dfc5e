// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "falcon_test.hpp"

namespace crowdstrike {
namespace {

class FalconHealth : public FalconTest {
  protected:
    nlohmann::json check() { return plugin_->call("health/1", "check", "{}").reply; }
};

TEST_F(FalconHealth, IsWellWhenHostsCanBeRead) {
    expect_query().with_query("limit", "1").reply(200, ids_found({kAlice}, 1));

    EXPECT_EQ(check()["healthy"], true);
}

TEST_F(FalconHealth, NamesTheMissingScope) {
    expect_query().reply(403, envelope("", error_entry(403)));

    const auto report = check();

    EXPECT_EQ(report["healthy"], false);
    EXPECT_THAT(report["checks"][0]["message"].get<std::string>(),
                ::testing::HasSubstr("Hosts: Read"));
}

TEST_F(FalconHealth, PointsAtTheCredentials) {
    expect_query().reply(401, "");

    EXPECT_THAT(check()["checks"][0]["message"].get<std::string>(),
                ::testing::HasSubstr("client_secret"));
}

TEST_F(FalconHealth, IsIllWhenTheProviderCannotBeReached) {
    expect_query().fail(quell::unavailable("no route"));

    EXPECT_EQ(check()["healthy"], false);
}

TEST(FalconSettings, NeedABaseUrl) {
    quell::testing::FakeHost host;

    EXPECT_EQ(host.create(quell_plugin_entry, "{}"), nullptr);
    EXPECT_EQ(host.create_error()->status, quell::Status::invalid_argument);
}

}  // namespace
}  // namespace crowdstrike
