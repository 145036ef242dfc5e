// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "jamf_test.hpp"

namespace jamf {
namespace {

using quell::Status;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class JamfServerSettings : public JamfTest {
  protected:
    void set(const std::string& more) { configure(kComputersOnly + more); }

    quell::testing::Answer look() { return resolve("hostname", "alice-mac.corp.example"); }

    std::string sent_cookies(std::size_t request) const {
        for (const auto& header : host_.requests().at(request).headers) {
            if (header.name == "Cookie")
                return header.value;
        }
        return "";
    }
};

TEST_F(JamfServerSettings, TakeTheNewestInventoryThatTheServerOffers) {
    for (const int version : {4, 3, 2})
        expect_inventory(version).reply(404, refusal(404));
    expect_inventory(1).reply(200, page(computer()));

    EXPECT_THAT(look().reply.at("devices"), SizeIs(1));
}

TEST_F(JamfServerSettings, RememberTheInventoryThatTheServerOffers) {
    expect_inventory(4).reply(404, "");
    expect_inventory(3).reply(200, page(computer()));
    (void)look();
    expect_inventory(3).reply(200, page(computer()));

    EXPECT_THAT(look().reply.at("devices"), SizeIs(1));
}

TEST_F(JamfServerSettings, LookAgainWhenTheRememberedInventoryIsGone) {
    expect_inventory(4).reply(404, "");
    expect_inventory(3).reply(200, page(computer()));
    (void)look();
    expect_inventory(3).reply(404, "");
    expect_inventory(4).reply(200, page(computer()));

    EXPECT_THAT(look().reply.at("devices"), SizeIs(1));
}

TEST_F(JamfServerSettings, TakeNoOtherVersionAfterARefusal) {
    expect_inventory(4).reply(403, refusal(403));

    EXPECT_EQ(look().status(), Status::permission_denied);
}

TEST_F(JamfServerSettings, SayThatThereIsNoInventoryAtAll) {
    for (const int version : {4, 3, 2, 1})
        expect_inventory(version).reply(404, "");

    const auto answer = look();

    EXPECT_EQ(answer.status(), Status::failed_precondition);
    EXPECT_THAT(answer.error->message, HasSubstr("base_url"));
}

TEST_F(JamfServerSettings, MayPinTheInventory) {
    set(R"(,"inventory_version":2)");
    expect_inventory(2).reply(404, "");

    const auto answer = look();

    EXPECT_EQ(answer.status(), Status::failed_precondition);
    EXPECT_THAT(answer.error->message, HasSubstr("inventory_version"));
}

TEST_F(JamfServerSettings, ReachTheJamfPlatformGateway) {
    set(R"(,"path_prefix":"/api/pro/{version}/tenant/t-1")");
    host_.expect("GET", "/api/pro/v4/tenant/t-1/computers-inventory")
        .reply(200, page(computer()));
    host_.expect("POST", "/api/pro/v2/tenant/t-1/mdm/commands").reply(403, refusal(403));

    EXPECT_EQ(outcome(apply())["error"]["http_status"], 403);
}

TEST_F(JamfServerSettings, ReachAServerBehindAProxy) {
    set(R"(,"path_prefix":"/mdm/api")");
    host_.expect("GET", "/mdm/api/v4/computers-inventory").reply(200, page(computer()));

    EXPECT_THAT(look().reply.at("devices"), SizeIs(1));
}

TEST_F(JamfServerSettings, KeepNoCookiesUnlessAsked) {
    expect_inventory().reply(200, page(), {{"set-cookie", "jpro-ingress=node-1; Path=/"}});
    (void)look();
    expect_inventory().reply(200, page());
    (void)look();

    EXPECT_EQ(sent_cookies(1), "");
}

TEST_F(JamfServerSettings, KeepTheCookiesOfTheClusterAndNoOthers) {
    set(R"(,"keep_cookies":true)");
    expect_inventory().reply(200, page(),
                             {{"set-cookie", "jpro-ingress=node-1; Path=/; Secure; HttpOnly"},
                              {"set-cookie", "APBALANCEID=aws.x; Path=/"},
                              {"set-cookie", "JSESSIONID=a\"b"},
                              {"set-cookie", "tracking=1"}});
    (void)look();
    expect_inventory().reply(200, page(), {{"set-cookie", "APBALANCEID=gone; Max-Age=0"}});
    (void)look();
    expect_inventory().reply(200, page());
    (void)look();

    EXPECT_EQ(sent_cookies(0), "");
    EXPECT_EQ(sent_cookies(1), "APBALANCEID=aws.x; jpro-ingress=node-1");
    EXPECT_EQ(sent_cookies(2), "jpro-ingress=node-1");
}

TEST_F(JamfServerSettings, ForgetACookieThatExpired) {
    set(R"(,"keep_cookies":true)");
    expect_inventory().reply(200, page(), {{"Set-Cookie", "JSESSIONID=abc"}});
    (void)look();
    expect_inventory().reply(
        200, page(), {{"set-cookie", "JSESSIONID=abc; Expires=Thu, 01 Jan 1970 00:00:00 GMT"}});
    (void)look();
    expect_inventory().reply(200, page());
    (void)look();

    EXPECT_EQ(sent_cookies(1), "JSESSIONID=abc");
    EXPECT_EQ(sent_cookies(2), "");
}

TEST(JamfSettings, AreChecked) {
    quell::testing::FakeHost host;

    for (const std::string settings :
         {R"({})", R"({"base_url":"https://x","inventory_version":9})",
          R"({"base_url":"https://x","path_prefix":"api"})",
          R"({"base_url":"https://x","keep_cookies":"yes"})"}) {
        EXPECT_EQ(host.create(quell_plugin_entry, settings), nullptr) << settings;
        EXPECT_EQ(host.create_error()->status, Status::invalid_argument) << settings;
    }
}

}  // namespace
}  // namespace jamf
