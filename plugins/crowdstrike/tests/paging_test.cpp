// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "falcon_test.hpp"

namespace crowdstrike {
namespace {

using quell::Status;
using ::testing::SizeIs;

class FalconPaging : public FalconTest {
  protected:
    quell::testing::Exchange& expect_page(const std::string& offset) {
        return expect_query()
            .with_query("filter", "hostname:'lab'")
            .with_query("offset", offset)
            .with_query("limit", "100");
    }

    static std::string lab_records(const std::vector<std::string>& ids) {
        std::string list;
        for (const std::string& id : ids)
            list += (list.empty() ? "" : ",") + (R"({"device_id":)" + in_quotes(id)) +
                    R"(,"hostname":"lab","serial_number":"S","status":"normal"})";
        return envelope(list);
    }
};

TEST_F(FalconPaging, ReportsAmbiguityOverAllPages) {
    expect_page("0").reply(200, ids_found(numbered(0, 100), 150));
    expect_page("100").reply(200, ids_found(numbered(100, 50), 150));
    expect_details().reply(200, lab_records(numbered(0, 150)));

    EXPECT_THAT(resolve("hostname", "lab").reply.at("devices"), SizeIs(150));
}

TEST_F(FalconPaging, GoesOnWhenTheProviderGivesSmallerPagesThanAsked) {
    expect_page("0").reply(200, ids_found(numbered(0, 2), 3));
    expect_page("2").reply(200, ids_found(numbered(2, 1), 3));
    expect_details().reply(200, lab_records(numbered(0, 3)));

    EXPECT_THAT(resolve("hostname", "lab").reply.at("devices"), SizeIs(3));
}

TEST_F(FalconPaging, GoesOnWithoutATotalUntilAPageIsNotFull) {
    expect_page("0").reply(200, ids_found(numbered(0, 100), -1));
    expect_page("100").reply(200, ids_found(numbered(100, 1), -1));
    expect_details().reply(200, lab_records(numbered(0, 101)));

    EXPECT_THAT(resolve("hostname", "lab").reply.at("devices"), SizeIs(101));
}

TEST_F(FalconPaging, RefusesMoreThanTwoHundredMatchesInsteadOfCutting) {
    expect_page("0").reply(200, ids_found({kAlice}, 4000));
    EXPECT_EQ(resolve("hostname", "lab").status(), Status::invalid_argument);

    expect_page("0").reply(200, ids_found(numbered(0, 100), -1));
    expect_page("100").reply(200, ids_found(numbered(100, 100), -1));
    expect_page("200").reply(200, ids_found(numbered(200, 1), -1));
    EXPECT_EQ(resolve("hostname", "lab").status(), Status::invalid_argument);
}

TEST_F(FalconPaging, DoesNotTakeAListForWholeThatEndsEarly) {
    expect_page("0").reply(200, ids_found({kAlice}, 2));
    expect_page("1").reply(200, ids_found(std::vector<std::string>(), 2));

    EXPECT_EQ(resolve("hostname", "lab").status(), Status::unavailable);
}

TEST_F(FalconPaging, DoesNotTakeOverlappingPagesForTheWhole) {
    expect_page("0").reply(200, ids_found(numbered(0, 2), 4));
    expect_page("2").reply(200, ids_found(numbered(1, 2), 4));

    EXPECT_EQ(resolve("hostname", "lab").status(), Status::unavailable);
}

TEST_F(FalconPaging, DoesNotGoRoundInCircles) {
    expect_page("0").reply(200, ids_found(numbered(0, 2), 9));
    expect_page("2").reply(200, ids_found(numbered(0, 2), 9));

    EXPECT_EQ(resolve("hostname", "lab").status(), Status::unavailable);
}

TEST_F(FalconPaging, PassesARefusalOfALaterPageOn) {
    expect_page("0").reply(200, ids_found(numbered(0, 100), 150));
    expect_page("100").reply(403, envelope("", error_entry(403)));

    EXPECT_EQ(resolve("hostname", "lab").status(), Status::permission_denied);
}

}  // namespace
}  // namespace crowdstrike
