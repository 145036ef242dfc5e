// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "falcon_test.hpp"

namespace crowdstrike {
namespace {

using quell::Status;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using FalconResolve = FalconTest;

TEST_F(FalconResolve, FindsAHostByItsName) {
    expect_query()
        .with_query("filter", "hostname:'alice-mac.corp.example'")
        .reply(200, ids_found({kAlice}, 1));
    expect_details()
        .with_body(R"({"ids":["0123456789abcdef0123456789abcdef"]})")
        .reply(200, records({{}}));

    const auto answer = resolve("hostname", "alice-mac.corp.example");

    ASSERT_TRUE(answer.ok());
    const auto& device = answer.reply.at("devices").at(0);
    EXPECT_EQ(device["provider_device_id"], kAlice);
    EXPECT_EQ(device["hostname"], "alice-mac.corp.example");
    EXPECT_EQ(device["serial_number"], "C02ALICE0001");
    EXPECT_EQ(device["platform"], "Mac");
    EXPECT_EQ(device["containment_state"], "normal");
    EXPECT_EQ(device["match"], "exact");
    EXPECT_EQ(device["last_seen"], "2026-01-01T00:00:00.000Z");
    EXPECT_EQ(host_.requests().at(0).auth, "default");
}

TEST_F(FalconResolve, FindsAHostBySerialNumberWithoutRegardToCase) {
    expect_query()
        .with_query("filter", "serial_number:'c02alice0001'")
        .reply(200, ids_found({kAlice}, 1));
    expect_details().reply(200, records({{}}));

    EXPECT_THAT(resolve("serial_number", "c02alice0001").reply.at("devices"), SizeIs(1));
}

TEST_F(FalconResolve, ReadsAHostByItsIdWithoutAQuery) {
    expect_details()
        .with_body(R"({"ids":["0123456789abcdef0123456789abcdef"]})")
        .reply(200, records({{kAlice, "contained"}}));

    const auto answer = resolve("provider_device_id", "0123456789ABCDEF0123456789ABCDEF");

    EXPECT_EQ(answer.reply.at("devices").at(0)["containment_state"], "contained");
}

TEST_F(FalconResolve, MapsEachState) {
    const std::pair<std::string_view, std::string_view> states[] = {
        {"normal", "normal"},
        {"containment_pending", "containing"},
        {"contained", "contained"},
        {"lift_containment_pending", "releasing"},
        {"a_state_of_the_future", "unknown"}};
    for (const auto& [falcon, quell_state] : states) {
        expect_details().reply(200, records({{kAlice, falcon}}));
        const auto answer = resolve("provider_device_id", std::string(kAlice));
        EXPECT_EQ(answer.reply.at("devices").at(0)["containment_state"], quell_state);
    }
}

TEST_F(FalconResolve, AnswersAnEmptyListForAnUnknownHost) {
    expect_query().reply(200, ids_found({}, 0));
    EXPECT_THAT(resolve("hostname", "nobody").reply.at("devices"), IsEmpty());

    expect_details().reply(200, envelope("", error_entry(404)));
    EXPECT_THAT(resolve("provider_device_id", std::string(kBob)).reply.at("devices"), IsEmpty());
}

// PF-09
TEST_F(FalconResolve, ReturnsEachOfTwoHostsOfOneName) {
    expect_query().reply(200, ids_found({kAlice, kBob}, 2));
    expect_details().reply(
        200, records({{kAlice, "normal", "lab", "S1"}, {kBob, "normal", "LAB", "S2"}}));

    EXPECT_THAT(resolve("hostname", "lab").reply.at("devices"), SizeIs(2));
}

// PF-14
TEST_F(FalconResolve, DropsHostsThatTheProviderMatchedMoreWidelyThanAsked) {
    expect_query().reply(200, ids_found({kAlice, kBob}, 2));
    expect_details().reply(
        200, records({{kAlice, "normal", "lab", "S1"}, {kBob, "normal", "lab-2", "S2"}}));

    const auto answer = resolve("hostname", "lab");

    ASSERT_THAT(answer.reply.at("devices"), SizeIs(1));
    EXPECT_EQ(answer.reply.at("devices").at(0)["hostname"], "lab");
}

// PF-14
TEST_F(FalconResolve, RefusesValuesThatCouldMeanMoreThanThemselves) {
    const std::string values[] = {"*",    "alice*", "a'+hostname:'*",     "x\" or \"1", "a\\",
                                  "a\nb", "",       std::string(300, 'a')};
    for (const std::string& value : values) {
        EXPECT_EQ(resolve("hostname", value).status(), Status::invalid_argument) << value;
        EXPECT_EQ(resolve("serial_number", value).status(), Status::invalid_argument) << value;
    }
    EXPECT_EQ(resolve("serial_number", "a'").status(), Status::invalid_argument);
    EXPECT_EQ(resolve("provider_device_id", "*").status(), Status::invalid_argument);
    EXPECT_EQ(resolve("provider_device_id", "0123").status(), Status::invalid_argument);
    EXPECT_THAT(host_.requests(), IsEmpty());
}

// PF-14
TEST_F(FalconResolve, EscapesAnApostropheInAHostName) {
    expect_query()
        .with_query("filter", R"(hostname:'alice\'+hostname:\'bob')")
        .reply(200, ids_found({}, 0));

    EXPECT_THAT(resolve("hostname", "alice'+hostname:'bob").reply.at("devices"), IsEmpty());
}

TEST_F(FalconResolve, SaysThatEmailIsNotALookupOfThisProvider) {
    EXPECT_EQ(resolve("user_email", "alice@corp.example").status(), Status::unimplemented);
}

TEST_F(FalconResolve, RefusesALookupTypeItDoesNotKnow) {
    EXPECT_EQ(resolve("star_sign", "leo").status(), Status::invalid_argument);
}

TEST_F(FalconResolve, MapsRefusals) {
    const std::pair<int, Status> cases[] = {{401, Status::unauthenticated},
                                            {403, Status::permission_denied},
                                            {400, Status::unknown},
                                            {500, Status::unavailable},
                                            {503, Status::unavailable}};
    for (const auto& [http_status, status] : cases) {
        expect_query().reply(http_status, envelope("", error_entry(http_status)));
        const auto answer = resolve("hostname", "alice");
        EXPECT_EQ(answer.status(), status) << http_status;
        EXPECT_EQ(answer.error->http_status, http_status);
    }
}

TEST_F(FalconResolve, NamesTheMissingScope) {
    expect_query().reply(403, envelope("", error_entry(403)));

    EXPECT_THAT(resolve("hostname", "alice").error->message, ::testing::HasSubstr("Hosts: Read"));
}

// PROVIDERS.md 4: this very message means the API client's IP allow list.
TEST_F(FalconResolve, NamesTheAllowListOfTheApiClient) {
    expect_query().reply(
        403, envelope("", R"({"code":403,"message":"access denied, authorization failed"})"));

    const auto answer = resolve("hostname", "alice");

    EXPECT_EQ(answer.status(), Status::permission_denied);
    EXPECT_THAT(answer.error->message, ::testing::HasSubstr("IP allow list"));
}

// PF-04
TEST_F(FalconResolve, NeverTakesABrokenAnswerForSuccess) {
    const std::string bodies[] = {"",
                                  "<html>",
                                  ids_found({kAlice}, 1).substr(0, 60),
                                  R"({"resources":"x"})",
                                  envelope(in_quotes("not-an-id")),
                                  envelope(in_quotes(kAlice), error_entry(500)),
                                  R"({"resources":[],"resources":[]})",
                                  std::string(50'000, '[')};
    for (const std::string& body : bodies) {
        expect_query().reply(200, body);
        EXPECT_EQ(resolve("hostname", "alice").status(), Status::unavailable) << body.substr(0, 80);
    }
}

// PF-04
TEST_F(FalconResolve, RefusesAnswersLargerThanAPluginMayGet) {
    expect_query().reply(200, std::string(9U << 20U, ' ') + ids_found({kAlice}, 1));

    EXPECT_EQ(resolve("hostname", "alice").status(), Status::unavailable);
}

// PF-01
TEST_F(FalconResolve, SaysWhenToComeBack) {
    expect_query().reply(429, "", {{"retry-after", "60"}});

    const auto answer = resolve("hostname", "alice");

    EXPECT_EQ(answer.status(), Status::resource_exhausted);
    EXPECT_EQ(answer.error->retry_after, std::chrono::seconds(60));
}

// The host asks for the token: its 403 is an Error here.
TEST_F(FalconResolve, SaysWhyNoTokenWasGiven) {
    expect_query().fail(quell::Error{Status::permission_denied, "refused with status 403"});

    const auto answer = resolve("hostname", "alice");

    EXPECT_EQ(answer.error->http_status, 403);
    EXPECT_THAT(answer.error->message, ::testing::HasSubstr("IP allow list"));
}

TEST_F(FalconResolve, PassesOnThatThereIsNoAnswer) {
    expect_query().fail(quell::Error{Status::deadline_exceeded, "too late"});
    EXPECT_EQ(resolve("hostname", "alice").status(), Status::deadline_exceeded);

    host_.cancel();
    expect_query();
    EXPECT_EQ(resolve("hostname", "alice").status(), Status::cancelled);
}

}  // namespace
}  // namespace crowdstrike
