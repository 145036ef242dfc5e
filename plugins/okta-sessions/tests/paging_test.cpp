// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "okta_test.hpp"

namespace okta_sessions {
namespace {

using quell::Status;
using ::testing::SizeIs;

class OktaPaging : public OktaTest {
  protected:
    static std::vector<quell::HttpHeader> next(const std::string& query) {
        return {{"link", "<https://acme.okta.example/api/v1/users?limit=200>; rel=\"self\""},
                {"link", "<https://acme.okta.example/api/v1/users?" + query + ">; rel=\"next\""}};
    }

    static std::string many(int first, int count) {
        nlohmann::json list = nlohmann::json::array();
        for (int number = first; number < first + count; ++number)
            list.push_back(user("00u" + std::to_string(number),
                                "user" + std::to_string(number) + "@corp.example", "a@b"));
        return list.dump();
    }

    quell::testing::Answer resolve_pages() { return resolve("a@b"); }

    quell::testing::Exchange& expect_first() {
        expect_fetch("a%40b").reply(404, "");
        return expect_search();
    }
};

TEST_F(OktaPaging, SeesAnAmbiguityOnALaterPage) {
    expect_first().reply(200, many(0, 1), next("after=00u%2F0&limit=200"));
    expect_search()
        .with_query("search", R"(profile.email eq "a@b")")
        .with_query("limit", "200")
        .with_query("after", "00u/0")
        .reply(200, many(1, 1));

    EXPECT_THAT(resolve_pages().reply.at("accounts"), SizeIs(2));
}

TEST_F(OktaPaging, ReadsSeveralLinksInOneHeader) {
    expect_first().reply(200, many(0, 1),
                         {{"link",
                           "<https://acme.okta.example/x?limit=1>; rel=\"self\", "
                           "<https://acme.okta.example/x?limit=1&after=c2>; rel=\"next\""}});
    expect_search().with_query("after", "c2").reply(200, "[]");

    EXPECT_THAT(resolve_pages().reply.at("accounts"), SizeIs(1));
}

// The credentials go where the settings say, whatever a link says.
TEST_F(OktaPaging, NeverFollowsTheAddressOfALink) {
    expect_first().reply(200, many(0, 1),
                         {{"link", "<https://evil.example/steal?after=c2>; rel=\"next\""}});
    expect_search().with_query("after", "c2").reply(200, "[]");

    (void)resolve_pages();

    for (const auto& request : host_.requests())
        EXPECT_THAT(request.url, ::testing::StartsWith("https://acme.okta.example/"));
}

TEST_F(OktaPaging, RefusesMoreThanTwoHundredUsersInsteadOfCutting) {
    expect_first().reply(200, many(0, 200), next("after=c2"));
    expect_search().reply(200, many(200, 1));

    EXPECT_EQ(resolve_pages().status(), Status::invalid_argument);
}

TEST_F(OktaPaging, DoesNotTakeAListForWholeThatCannotBeReadOn) {
    for (const std::string query : {"limit=200", "after=", "after=%zz", "after=a%0ab"}) {
        expect_first().reply(200, many(0, 1), next(query));
        EXPECT_EQ(resolve_pages().status(), Status::unavailable) << query;
    }
    expect_first().reply(200, "[]", next("after=c2"));
    EXPECT_EQ(resolve_pages().status(), Status::unavailable);
}

TEST_F(OktaPaging, PassesARefusalOfALaterPageOn) {
    expect_first().reply(200, many(0, 1), next("after=c2"));
    expect_search().reply(403, refusal("E0000006"));

    EXPECT_EQ(resolve_pages().status(), Status::permission_denied);
}

}  // namespace
}  // namespace okta_sessions
