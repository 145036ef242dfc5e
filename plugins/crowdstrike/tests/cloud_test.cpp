// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "falcon_test.hpp"

namespace crowdstrike {
namespace {

using ::testing::StartsWith;

class FalconCloudTest : public FalconTest {
  protected:
    quell::testing::SentRequest request_with(const std::string& settings) {
        plugin_ = host_.create(quell_plugin_entry, settings);
        expect_query().reply(200, ids_found({}, 0));
        (void)resolve("hostname", "alice");
        return host_.requests().back();
    }
};

TEST_F(FalconCloudTest, SendsEachRegionToItsOwnAddressWithItsOwnCredentials) {
    const std::pair<std::string, std::string> regions[] = {
        {"us-1", "https://api.crowdstrike.com/"},
        {"us-2", "https://api.us-2.crowdstrike.com/"},
        {"us-3", "https://api.us-3.crowdstrike.com/"},
        {"eu-1", "https://api.eu-1.crowdstrike.com/"},
        {"us-gov-1", "https://api.laggar.gcw.crowdstrike.com/"},
        {"us-gov-2", "https://api.us-gov-2.crowdstrike.mil/"},
        {"discover", "https://api.crowdstrike.com/"}};
    for (const auto& [name, address] : regions) {
        const auto sent = request_with(R"({"region":")" + name + "\"}");
        EXPECT_THAT(sent.url, StartsWith(address));
        EXPECT_EQ(sent.auth, name);
    }
}

TEST_F(FalconCloudTest, TakesABaseUrlInPlaceOfARegion) {
    const auto sent = request_with(R"({"base_url":"https://proxy.example"})");

    EXPECT_THAT(sent.url, StartsWith("https://proxy.example/"));
    EXPECT_EQ(sent.auth, "default");
}

TEST_F(FalconCloudTest, RefusesUnknownRegions) {
    for (const std::string name : {"mars-1", ""}) {
        EXPECT_EQ(host_.create(quell_plugin_entry, R"({"region":")" + name + "\"}"), nullptr);
        EXPECT_EQ(host_.create_error()->status, quell::Status::invalid_argument);
    }
}

}  // namespace
}  // namespace crowdstrike
