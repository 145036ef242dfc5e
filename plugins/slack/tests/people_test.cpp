// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "slack_test.hpp"

namespace slack {
namespace {

using quell::Status;
using ::testing::IsEmpty;
using nlohmann::json;

class SlackPeople : public SlackTest {
  protected:
    quell::testing::Answer find(const json& request) { return plugin_->call("identity_lookup/1", "find_user", request.dump()); }
    json find_alice() { return find({{"provider_user_id", "U01ALICE"}}).reply.at("users").at(0); }
};

TEST_F(SlackPeople, AreFoundByIdWithTheAddressThatSlackTells) {
    expect_info("U01ALICE").reply(200, found(user()));
    expect_own();

    const auto alice = find_alice();

    EXPECT_EQ(alice["email"], "alice@corp.example");
    EXPECT_EQ(alice["active"], true);
}

TEST_F(SlackPeople, AreFoundByAddressExactly) {
    expect_lookup("Alice@corp.example").reply(200, found(user()));
    expect_own();
    EXPECT_EQ(find({{"email", "Alice@corp.example"}}).reply.at("users").size(), 1U);

    expect_lookup("ali@corp.example").reply(200, found(user()));
    EXPECT_THAT(find({{"email", "ali@corp.example"}}).reply.at("users"), IsEmpty());

    expect_lookup("no@corp.example").reply(200, refusal("users_not_found"));
    EXPECT_THAT(find({{"email", "no@corp.example"}}).reply.at("users"), IsEmpty());
}

TEST_F(SlackPeople, HaveNoAddressThatIsAnotherCompanysWord) {
    auto other = user();
    other["team_id"] = "T99EVIL";
    expect_info("U01ALICE").reply(200, found(other));
    expect_own();
    EXPECT_EQ(find_alice()["email"], nullptr);

    auto stranger = user();
    stranger["is_stranger"] = true;
    expect_info("U01ALICE").reply(200, found(stranger));
    EXPECT_EQ(find_alice()["email"], nullptr);
}

TEST_F(SlackPeople, HaveNoAddressThatTheyHaveNotConfirmed) {
    auto unconfirmed = user();
    unconfirmed["is_email_confirmed"] = false;
    expect_info("U01ALICE").reply(200, found(unconfirmed));
    expect_own();

    EXPECT_EQ(find_alice()["email"], nullptr);
}

TEST_F(SlackPeople, BelongToTheirEnterpriseInAllItsWorkspaces) {
    auto elsewhere = user();
    elsewhere["team_id"] = "T02CORP";
    elsewhere["enterprise_user"] = {{"enterprise_id", "E01CORP"}};
    expect_info("U01ALICE").reply(200, found(elsewhere));
    host_.expect("POST", "/api/auth.test")
        .reply(200, R"({"ok":true,"user_id":"U0BOT","team_id":"T01CORP","enterprise_id":"E01CORP"})");

    EXPECT_EQ(find_alice()["email"], "alice@corp.example");
}

TEST_F(SlackPeople, AreNotLookedForByWhatIsNoId) {
    EXPECT_EQ(find({{"provider_user_id", "alice"}}).status(), Status::invalid_argument);
}

}  // namespace
}  // namespace slack
