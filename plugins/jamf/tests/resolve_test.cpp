// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "jamf_test.hpp"

namespace jamf {
namespace {

using quell::Status;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using JamfResolve = JamfTest;

TEST_F(JamfResolve, FindsAComputerBySerialNumber) {
    expect_inventory()
        .with_query("filter", R"(hardware.serialNumber=="C02ALICE0001")")
        .with_query("section", "GENERAL")
        .with_query("page", "0")
        .reply(200, page(computer()));

    const auto device = resolve("serial_number", "C02ALICE0001").reply.at("devices").at(0);

    EXPECT_EQ(device["provider_device_id"], kAlice);
    EXPECT_EQ(device["hostname"], "alice-mac.corp.example");
    EXPECT_EQ(device["serial_number"], "C02ALICE0001");
    EXPECT_EQ(device["user_email"], "alice@corp.example");
    EXPECT_EQ(device["containment_state"], "unknown");
    EXPECT_EQ(device["last_seen"], "2026-01-01T00:00:00.500Z");
}

TEST_F(JamfResolve, FindsAComputerByEachOtherLookup) {
    expect_inventory()
        .with_query("filter", R"(general.name=="ALICE-mac.corp.example")")
        .reply(200, page(computer()));
    EXPECT_THAT(resolve("hostname", "ALICE-mac.corp.example").reply.at("devices"), SizeIs(1));

    expect_inventory()
        .with_query("filter", R"(userAndLocation.email=="Alice@corp.example")")
        .reply(200, page(computer()));
    EXPECT_THAT(resolve("user_email", "Alice@corp.example").reply.at("devices"), SizeIs(1));

    expect_inventory()
        .with_query("filter", "general.managementId==\"" + std::string(kAlice) + "\"")
        .reply(200, page(computer()));
    EXPECT_THAT(resolve("provider_device_id", std::string(kAlice)).reply.at("devices"), SizeIs(1));
}

TEST_F(JamfResolve, ReadsTheOlderNameOfTheLastContact) {
    configure(R"(,"mobile_devices":false,"inventory_version":1)");
    auto older = computer();
    older["general"].erase("lastContact");
    older["general"]["lastContactTime"] = "2026-01-01T00:00:00Z";
    expect_inventory(1).reply(200, page(older));

    const auto answer = resolve("serial_number", "C02ALICE0001");

    EXPECT_EQ(answer.reply.at("devices").at(0)["last_seen"], "2026-01-01T00:00:00.000Z");
}

TEST_F(JamfResolve, ReadsAllPagesOfAUsersComputers) {
    nlohmann::json first = nlohmann::json::array();
    for (int index = 0; index < 100; ++index) {
        std::string id(kAlice);
        id.replace(0, 3, std::to_string(100 + index));
        first.push_back(computer(id));
    }
    expect_inventory().with_query("page", "0").reply(200, listed(first, 101));
    expect_inventory()
        .with_query("page", "1")
        .reply(200, listed(nlohmann::json::array({computer(kOther)}), 101));

    EXPECT_THAT(resolve("user_email", "alice@corp.example").reply.at("devices"), SizeIs(101));
}

TEST_F(JamfResolve, RefusesMoreThanTwoHundredMatchesInsteadOfCutting) {
    expect_inventory().reply(200, listed(nlohmann::json::array({computer()}), 201));

    EXPECT_EQ(resolve("hostname", "alice").status(), Status::invalid_argument);
}

TEST_F(JamfResolve, DoesNotTakeAShortListForTheWhole) {
    expect_inventory().reply(200, listed(nlohmann::json::array({computer()}), 2));
    expect_inventory().with_query("page", "1").reply(200, listed(nlohmann::json::array(), 2));

    EXPECT_EQ(resolve("user_email", "alice@corp.example").status(), Status::unavailable);
}

TEST_F(JamfResolve, AnswersAnEmptyListForAnUnknownComputer) {
    expect_inventory().reply(200, page());

    EXPECT_THAT(resolve("hostname", "nobody").reply.at("devices"), IsEmpty());
}

TEST_F(JamfResolve, RefusesByNameAComputerWithoutManagementId) {
    auto unmanaged = computer();
    unmanaged["general"]["managementId"] = nullptr;
    expect_inventory().reply(200, page(unmanaged));

    const auto answer = resolve("serial_number", "C02ALICE0001");

    EXPECT_EQ(answer.status(), Status::unimplemented);
    EXPECT_THAT(answer.error->message, HasSubstr("\"alice-mac.corp.example\" is not managed"));
}

TEST_F(JamfResolve, GoesOnWithTheOthersIfOneComputerHasNoManagementId) {
    auto unmanaged = computer();
    unmanaged["general"]["managementId"] = nullptr;
    expect_inventory().reply(200, page(unmanaged, computer(kOther)));

    EXPECT_THAT(resolve("user_email", "alice@corp.example").reply.at("devices"), SizeIs(1));
}

TEST_F(JamfResolve, HasNothingToRefuseIfAnEdrIsToAct) {
    auto unmanaged = computer();
    unmanaged["general"]["managementId"] = nullptr;
    expect_inventory().reply(200, page(unmanaged));

    const auto answer =
        resolve("user_email", "alice@corp.example", {{"action", "network_contain"}});

    EXPECT_THAT(answer.reply.at("devices"), IsEmpty());
}

// PF-14
TEST_F(JamfResolve, DropsComputersThatTheServerMatchedMoreWidelyThanAsked) {
    expect_inventory().reply(200, page(computer(), computer(kOther, "alice-mac.corp.example-2")));

    EXPECT_THAT(resolve("hostname", "alice-mac.corp.example").reply.at("devices"), SizeIs(1));
}

// PF-14
TEST_F(JamfResolve, RefusesValuesThatCouldMeanMoreThanThemselves) {
    const std::pair<std::string_view, std::string> lookups[] = {
        {"hostname", "*"},
        {"hostname", "a*"},
        {"hostname", ""},
        {"hostname", "a\nb"},
        {"serial_number", "*"},
        {"serial_number", "a'+hostname:'*"},
        {"serial_number", "x\" or \"1"},
        {"user_email", "*@corp.example"},
        {"user_email", "x\" or \"1"},
        {"user_email", "alice"},
        {"user_email", "a@b,c@d"},
        {"provider_device_id", "42"},
        {"provider_device_id", "aaaaaaaa-3f1e-4b3a-a5b3-ca0cd743093*"}};
    for (const auto& [type, value] : lookups)
        EXPECT_EQ(resolve(type, value).status(), Status::invalid_argument) << type << " " << value;
    EXPECT_THAT(host_.requests(), IsEmpty());
}

// PF-14
TEST_F(JamfResolve, EscapesQuotesInAComputerName) {
    expect_inventory().with_query("filter", R"(general.name=="x\" or \"1\\")").reply(200, page());

    EXPECT_THAT(resolve("hostname", "x\" or \"1\\").reply.at("devices"), IsEmpty());
}

TEST_F(JamfResolve, MapsRefusals) {
    const std::pair<int, Status> cases[] = {{400, Status::unknown},
                                            {401, Status::unauthenticated},
                                            {403, Status::permission_denied},
                                            {409, Status::aborted},
                                            {429, Status::resource_exhausted},
                                            {500, Status::unavailable},
                                            {503, Status::unavailable}};
    for (const auto& [http_status, status] : cases) {
        expect_inventory().reply(http_status, refusal(http_status), {{"retry-after", "7"}});
        const auto answer = resolve("hostname", "alice");
        EXPECT_EQ(answer.status(), status) << http_status;
        EXPECT_EQ(answer.error->http_status, http_status);
        EXPECT_EQ(answer.error->retry_after, std::chrono::seconds(7));
    }
}

TEST_F(JamfResolve, NamesTheMissingPrivilege) {
    expect_inventory().reply(403, refusal(403));

    EXPECT_THAT(resolve("hostname", "alice").error->message, HasSubstr("Read Computers"));
}

// PF-04
TEST_F(JamfResolve, NeverTakesABrokenAnswerForSuccess) {
    const std::string bodies[] = {"",
                                  "<html>",
                                  page(computer()).substr(0, 70),
                                  R"({"results":[]})",
                                  R"({"totalCount":1,"results":["x"]})",
                                  R"({"totalCount":"1","results":[]})",
                                  refusal(500),
                                  std::string(9U << 20U, ' ')};
    for (const std::string& body : bodies) {
        expect_inventory().reply(200, body);
        EXPECT_EQ(resolve("hostname", "alice").status(), Status::unavailable) << body.substr(0, 80);
    }
}

}  // namespace
}  // namespace jamf
