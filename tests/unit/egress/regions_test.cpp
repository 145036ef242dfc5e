// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// PROVIDERS.md 4: a client is looked for in one cloud and used in the one where it is at home.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "egress/connector_http.hpp"
#include "egress/http_fixture.hpp"
#include "egress/loopback_server.hpp"

namespace quell::egress {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A cloud with tokens of its own; it says in which region the client is.
struct Cloud {
    Cloud(std::string name, std::string region_header)
        : server(LoopbackServer::answering([this, name, region_header](const SeenRequest& seen) {
              const std::lock_guard lock(mutex);
              paths.push_back(seen.target);
              requests.push_back(seen);
              if (seen.target == "/oauth2/token") {
                  return reply(201, fmt::format(R"({{"access_token":"{}-{}","expires_in":1800}})", name, ++tokens),
                               region_header);
              }
              return reply(200, "{}");
          })) {}

    std::vector<std::string> seen_paths() {
        const std::lock_guard lock(mutex);
        return paths;
    }
    SeenRequest request(std::size_t index) {
        const std::lock_guard lock(mutex);
        return requests.at(index);
    }

    std::mutex mutex;
    std::vector<std::string> paths;
    std::vector<SeenRequest> requests;
    int tokens = 0;
    LoopbackServer server;
};

struct Connector {
    Connector(Cloud& asked, Cloud& home, std::vector<std::string> admin_egress) {
        ConnectorHttp::Options options{.connector = ConnectorKey("crowdstrike"),
                                       .manifest_egress = {asked.server.authority(), home.server.authority()},
                                       .admin_egress = std::move(admin_egress),
                                       .allow_insecure_loopback = true,
                                       .values = {}};
        json::Object clouds;
        clouds["us-1"] = asked.server.url("");
        clouds["eu-1"] = home.server.url("");
        options.auth["discover"] = {{"type", "oauth2_client_credentials"},
                                    {"token_url", asked.server.url("/oauth2/token")},
                                    {"client_id", "id"},
                                    {"client_secret", "{settings.client_secret}"},
                                    {"regions",
                                     {{"header", "X-CS-Region"},
                                      {"revoke_path", "/oauth2/revoke"},
                                      {"clouds", std::move(clouds)}}}};
        options.values.secrets.emplace("client_secret", SecretString("s3cret"));
        http = *ConnectorHttp::make(client, std::move(options));
    }

    HttpResult get(const std::string& url) {
        return http->request({.method = "GET", .url = url, .auth = "discover"}, Mode::read_only, patient(), {}, observer);
    }

    RunningClient client;
    RecordingObserver observer;
    std::unique_ptr<ConnectorHttp> http;
};

std::vector<std::string> both(const Cloud& one, const Cloud& other) {
    return {one.server.authority(), other.server.authority()};
}

TEST(Regions, SendRequestsToTheCloudThatTheTokenAnswerNames) {
    Cloud asked("us", "X-CS-Region: eu-1\r\n");
    Cloud home("eu", "X-CS-Region: eu-1\r\n");
    Connector connector(asked, home, both(asked, home));

    EXPECT_EQ(status_of(connector.get(asked.server.url("/devices?filter=a%27b&limit=1"))), 200);
    EXPECT_EQ(status_of(connector.get(asked.server.url("/devices"))), 200);

    EXPECT_THAT(asked.seen_paths(), ElementsAre("/oauth2/token"));
    EXPECT_THAT(home.seen_paths(),
                ElementsAre("/oauth2/revoke", "/oauth2/token", "/devices?filter=a%27b&limit=1", "/devices"));
    EXPECT_EQ(home.request(0).body, "token=us-1");
    EXPECT_EQ(home.request(0).headers.at("authorization"), "Basic " + to_base64("id:s3cret"));
    EXPECT_EQ(home.request(2).headers.at("authorization"), "Bearer eu-1");
}

TEST(Regions, AreOneIfTheClientIsAtHomeWhereItWasLookedFor) {
    Cloud asked("us", "x-cs-region: us-1\r\n");
    Cloud other("eu", "");
    Connector connector(asked, other, both(asked, other));

    EXPECT_EQ(status_of(connector.get(asked.server.url("/devices"))), 200);

    EXPECT_THAT(asked.seen_paths(), ElementsAre("/oauth2/token", "/oauth2/revoke", "/oauth2/token", "/devices"));
    EXPECT_THAT(other.seen_paths(), IsEmpty());
}

TEST(Regions, AreRefusedUnlessTheManifestHasThem) {
    for (const std::string header :
         {"", "X-CS-Region: eu-9\r\n", "X-CS-Region: evil.example\r\n", "X-CS-Region: \r\n"}) {
        Cloud asked("us", header);
        Cloud other("eu", "");
        Connector connector(asked, other, both(asked, other));

        const HttpResult result = connector.get(asked.server.url("/devices"));

        ASSERT_FALSE(result.response) << header;
        EXPECT_EQ(result.response.error()->key, "connector_misconfigured");
        EXPECT_THAT(result.response.error()->message, Not(HasSubstr("evil")));
        EXPECT_THAT(result.response.error()->allowed, ElementsAre("eu-1", "us-1"));
        EXPECT_THAT(other.seen_paths(), IsEmpty());
    }
}

TEST(Regions, NeedTheAdminsWordForTheHomeToo) {
    Cloud asked("us", "X-CS-Region: eu-1\r\n");
    Cloud home("eu", "");
    Connector connector(asked, home, {asked.server.authority()});

    const HttpResult result = connector.get(asked.server.url("/devices"));

    ASSERT_FALSE(result.response);
    EXPECT_THAT(result.response.error()->next_step, HasSubstr(home.server.authority()));
    EXPECT_THAT(home.seen_paths(), IsEmpty());
}

}  // namespace
}  // namespace quell::egress
