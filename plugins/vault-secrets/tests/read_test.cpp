// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "vault_test.hpp"

namespace vault_secrets {
namespace {

using quell::Status;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class VaultRead : public VaultTest {};

TEST_F(VaultRead, GivesTheValuesInASecretDocumentAndNothingOfThemInItsHead) {
    const std::string value = std::string(kCanary) + "\nwith a line feed";
    expect_read().reply(200, kv_answer({{"client_secret", value}, {"port", 5432}}).dump());

    const auto answer = read();

    EXPECT_THAT(answer.values, UnorderedElementsAre(Pair("client_secret", value), Pair("port", "5432")));
    EXPECT_EQ(answer.reply["version"], 3);
    EXPECT_EQ(answer.reply["lease"], nullptr);
}

TEST_F(VaultRead, GivesOnlyTheFieldsThatAreAskedFor) {
    expect_read().reply(200, kv_answer({{"a", "1"}, {"b", "2"}}).dump());

    const auto answer = call("read", {{"path", "secret/acme/crowdstrike"}, {"fields", {"b"}}});

    EXPECT_THAT(answer.values, UnorderedElementsAre(Pair("b", "2")));
}

TEST_F(VaultRead, NamesTheFieldsThatThereAreWhenOneIsMissing) {
    expect_read().reply(200, kv_answer({{"client_id", kCanary}}).dump());

    const auto answer = call("read", {{"path", "secret/acme/crowdstrike"}, {"fields", {"client_secret"}}});

    EXPECT_EQ(answer.status(), Status::invalid_argument);
    EXPECT_THAT(message(answer), HasSubstr("client_id"));
}

TEST_F(VaultRead, AsksForAVersion) {
    expect_read().with_query("version", "2").reply(200, kv_answer({{"a", "1"}}, 2).dump());

    EXPECT_EQ(call("read", {{"path", "secret/acme/crowdstrike"}, {"version", 2}}).reply["version"], 2);
}

// PROVIDERS.md 6: both are 404.
TEST_F(VaultRead, TellsADeletedVersionFromOneThatNeverWas) {
    expect_read().reply(404, kv_answer(nullptr, 3, "2026-02-01T00:00:00Z").dump());
    expect_read().reply(404, kv_answer(nullptr, 3, "2026-02-01T00:00:00Z", true).dump());
    expect_read().reply(404, R"({"errors":[]})");

    EXPECT_THAT(message(read()), HasSubstr("Version 3 of the secret was deleted"));
    EXPECT_THAT(message(read()), HasSubstr("destroyed"));
    const auto missing = read();
    EXPECT_THAT(message(missing), HasSubstr("nothing there"));
    EXPECT_EQ(missing.status(), Status::not_found);
}

TEST_F(VaultRead, RepeatsNoTextOfVault) {
    expect_read().reply(403, nlohmann::json{{"errors", {kCanary}}}.dump());

    const auto answer = read();

    EXPECT_EQ(answer.status(), Status::permission_denied);
    EXPECT_THAT(message(answer), HasSubstr("policy"));
}

TEST_F(VaultRead, RefusesAnAnswerThatItCannotRead) {
    for (const char* body : {"", "[]", "{}", R"({"data":{"data":{"a":"1"}}})", R"({"data":{"data":[]}})", "{\"data\":"}) {
        expect_read().reply(200, body);
        EXPECT_EQ(read().status(), Status::unavailable) << body;
    }
}

TEST_F(VaultRead, PutsTheNamespaceIntoAHeader) {
    configure(R"(,"namespace":"team-a")");
    expect_read().reply(200, kv_answer({{"a", "1"}}).dump());

    (void)read();

    const auto& headers = host_.requests().back().headers;
    EXPECT_TRUE(std::any_of(headers.begin(), headers.end(), [](const auto& header) {
        return header.name == "X-Vault-Namespace" && header.value == "team-a";
    }));
}

TEST_F(VaultRead, MakesADatabaseCredentialWithItsLease) {
    expect_read("database/creds/readonly")
        .reply(200, nlohmann::json{{"lease_id", "database/creds/readonly/abc"},
                                   {"lease_duration", 3600},
                                   {"renewable", true},
                                   {"data", {{"username", "v-1"}, {"password", kCanary}}}}
                        .dump());

    const auto answer = read("database/creds/readonly");

    EXPECT_THAT(answer.values, UnorderedElementsAre(Pair("username", "v-1"), Pair("password", std::string(kCanary))));
    EXPECT_EQ(answer.reply["lease"]["id"], "database/creds/readonly/abc");
    EXPECT_EQ(answer.reply["lease"]["ttl_ms"], 3'600'000);
    EXPECT_EQ(answer.reply["lease"]["renewable"], true);
}

TEST_F(VaultRead, ListsNamesAndTakesAnEmptyListFor404) {
    host_.expect("GET", "/v1/secret/metadata/acme").with_query("list", "true").reply(200, R"({"data":{"keys":["a","b/"]}})");
    host_.expect("GET", "/v1/secret/metadata/acme").reply(404, R"({"errors":[]})");

    EXPECT_EQ(call("list", {{"path", "secret/acme"}}).reply["names"], (std::vector<std::string>{"a", "b/"}));
    EXPECT_TRUE(call("list", {{"path", "secret/acme/"}}).reply["names"].empty());
    EXPECT_EQ(call("list", {{"path", ""}}).reply["names"], std::vector<std::string>{"secret/"});
}

TEST_F(VaultRead, DescribesVersionsWithoutValues) {
    host_.expect("GET", "/v1/secret/metadata/acme/crowdstrike")
        .reply(200, R"({"data":{"current_version":10,"created_time":"2026-01-01T00:00:00Z","versions":{
            "10":{"created_time":"2026-01-03T00:00:00Z","deletion_time":"","destroyed":false},
            "9":{"created_time":"2026-01-02T00:00:00Z","deletion_time":"2026-01-04T00:00:00Z","destroyed":false}}}})");

    const auto reply = call("describe", {{"path", "secret/acme/crowdstrike"}}).reply;

    EXPECT_EQ(reply["kind"], "versioned");
    EXPECT_EQ(reply["current_version"], 10);
    EXPECT_EQ(reply["versions"][0]["state"], "deleted");
    EXPECT_EQ(reply["versions"][1]["version"], 10);
    EXPECT_EQ(call("describe", {{"path", "database/creds/readonly"}}).reply["kind"], "dynamic");
}

TEST_F(VaultRead, WrapsForTheTimeThatIsAskedFor) {
    expect_read().reply(200, nlohmann::json{{"wrap_info", {{"token", kCanary}, {"ttl", 300}, {"creation_time", "2026-01-01T00:00:00Z"}}}}.dump());

    const auto answer = call("wrap", {{"path", "secret/acme/crowdstrike"}, {"ttl_ms", 300'000}});

    EXPECT_THAT(answer.values, UnorderedElementsAre(Pair("token", std::string(kCanary))));
    EXPECT_EQ(answer.reply["ttl_ms"], 300'000);
    const auto& headers = host_.requests().back().headers;
    EXPECT_TRUE(std::any_of(headers.begin(), headers.end(), [](const auto& header) {
        return header.name == "X-Vault-Wrap-TTL" && header.value == "300s";
    }));
}

}  // namespace
}  // namespace vault_secrets
