// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/router.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>

#include "http/ready.hpp"

namespace quell::http {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

Response ask(const Router& router, std::string_view method, std::string_view path) {
    const Request request{.method = method, .path = path, .query = {}, .headers = {}, .body = {}, .peer = {}, .scratch = {}};
    boost::asio::io_context context;
    Response response;
    boost::asio::co_spawn(context, router.route(request), [&](std::exception_ptr failure, Response answer) {
        EXPECT_FALSE(failure);
        response = std::move(answer);
    });
    context.run();
    return response;
}

Handler says(const char* what) {
    return [what](const Request&) { return ready(text(200, what)); };
}

TEST(Router, GivesAPatternsSegmentsAsTheyWereSent) {
    EXPECT_THAT(match_path("/v1/inbound/{tenant}/{connector}", "/v1/inbound/acme/a%2Fb"), Optional(ElementsAre("acme", "a%2Fb")));
    EXPECT_THAT(match_path("/v1/{id}/respond", "/v1/7/respond"), Optional(ElementsAre("7")));
    EXPECT_THAT(match_path("/v1/x", "/v1/x"), Optional(ElementsAre()));
}

TEST(Router, TakesASegmentWholeAndNeverEmpty) {
    for (const std::string_view path : {"/v1/x/", "/v1/x", "/v1/x/a/b", "/v1/y/a", "/v1/x/a/", "//v1/x/a", "/v1//a", ""}) {
        EXPECT_EQ(match_path("/v1/x/{id}", path), std::nullopt) << path;
    }
}

TEST(Router, PrefersTheExactPathToAPattern) {
    Router router;
    router.add("GET", "/v1/{id}", says("pattern"));
    router.add("GET", "/v1/openapi.json", says("exact"));

    EXPECT_EQ(ask(router, "GET", "/v1/openapi.json").body, "exact");
    EXPECT_EQ(ask(router, "GET", "/v1/7").body, "pattern");
    EXPECT_EQ(ask(router, "GET", "/v2/7").status, 404U);
}

TEST(Router, NamesTheMethodsOfAPattern) {
    Router router;
    router.add("GET", "/v1/{id}", says("get"));
    router.add("PUT", "/v1/{id}", says("put"));

    EXPECT_EQ(ask(router, "PUT", "/v1/7").body, "put");
    EXPECT_EQ(ask(router, "POST", "/v1/7").status, 405U);
    EXPECT_EQ(ask(router, "POST", "/v1/7").headers.back().second, "GET, PUT");
}

}  // namespace
}  // namespace quell::http
