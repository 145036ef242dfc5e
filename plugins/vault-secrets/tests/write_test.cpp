// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "vault_test.hpp"

namespace vault_secrets {
namespace {

using quell::Status;
using ::testing::HasSubstr;

class VaultWrite : public VaultTest {
  protected:
    quell::testing::Exchange& expect_write() { return host_.expect("POST", "/v1/secret/data/acme/crowdstrike"); }

    quell::testing::Answer write(const nlohmann::json& more = nlohmann::json::object()) {
        nlohmann::json head = {{"path", "secret/acme/crowdstrike"}};
        head.update(more);
        return plugin_->call(kBackend, "write", secret_document(head, {{"client_secret", std::string(kCanary)}}));
    }

    quell::testing::Answer rotate() {
        return plugin_->call(kBackend, "rotate",
                             secret_document({{"path", "secret/acme/crowdstrike"}}, {{"client_secret", "new"}}));
    }
};

TEST_F(VaultWrite, SendsTheFieldsAndTellsTheVersion) {
    expect_write().with_body(R"({"data":{"client_secret":"canary-of-a-secret"}})").reply(200, R"({"data":{"version":4}})");

    EXPECT_EQ(write().reply["version"], 4);
    EXPECT_THAT(host_.requests().back().body, ::testing::Not(HasSubstr("cas")));
}

TEST_F(VaultWrite, MakesTheExpectedVersionACondition) {
    expect_write().with_body(R"({"options":{"cas":3}})").reply(200, R"({"data":{"version":4}})");
    expect_write().with_body(R"({"options":{"cas":0}})").reply(200, R"({"data":{"version":1}})");

    EXPECT_EQ(write({{"expected_version", 3}}).reply["version"], 4);
    EXPECT_EQ(write({{"expected_version", 0}}).reply["version"], 1);
}

// PROVIDERS.md 6: the mismatch is a text, not a code.
TEST_F(VaultWrite, TellsAVersionThatMovedFromABadRequest) {
    expect_write().reply(400, R"({"errors":["check-and-set parameter did not match the current version"]})");
    expect_write().reply(400, R"({"errors":["no data provided"]})");

    EXPECT_EQ(write({{"expected_version", 3}}).status(), Status::aborted);
    EXPECT_EQ(write().status(), Status::invalid_argument);
}

TEST_F(VaultWrite, RefusesARequestThatIsNoSecretDocument) {
    const std::string head = R"({"path":"secret/a/b","fields":[{"name":"x","size":4}]})";
    for (const std::string& request : {head, head + "\nabc", head + "\nabcde", std::string("[]\n"), std::string()}) {
        EXPECT_EQ(plugin_->call(kBackend, "write", request).status(), Status::invalid_argument) << request;
    }
}

TEST_F(VaultWrite, RotatesOneFieldOnConditionThatNothingChangedMeanwhile) {
    expect_read().reply(200, kv_answer({{"client_id", "id"}, {"client_secret", kCanary}}, 7).dump());
    expect_write()
        .with_body(R"({"data":{"client_id":"id","client_secret":"new"},"options":{"cas":7}})")
        .reply(200, R"({"data":{"version":8}})");

    const auto reply = rotate().reply;

    EXPECT_EQ(reply["version"], 8);
    EXPECT_EQ(reply["previous_version"], 7);
}

TEST_F(VaultWrite, DoesNotRotateWhatIsNotThere) {
    expect_read().reply(404, R"({"errors":[]})");

    EXPECT_EQ(rotate().status(), Status::not_found);
}

TEST_F(VaultWrite, WritesNothingToTheDatabaseEngine) {
    EXPECT_EQ(plugin_->call(kBackend, "write", secret_document({{"path", "database/creds/x"}}, {{"a", "b"}})).status(),
              Status::invalid_argument);
}

TEST_F(VaultWrite, TakesVersionsAwayAndBringsThemBack) {
    host_.expect("POST", "/v1/secret/delete/acme/crowdstrike").with_body(R"({"versions":[2,3]})").reply(204);
    host_.expect("POST", "/v1/secret/undelete/acme/crowdstrike").with_body(R"({"versions":[3]})").reply(204);

    EXPECT_TRUE(call("revoke", {{"path", "secret/acme/crowdstrike"}, {"versions", {2, 3}}}).ok());
    EXPECT_EQ(call("renew", {{"path", "secret/acme/crowdstrike"}, {"versions", {3}}}).reply["lease"], nullptr);
}

}  // namespace
}  // namespace vault_secrets
