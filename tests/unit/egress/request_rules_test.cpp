// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/request_rules.hpp"

#include <gtest/gtest.h>

namespace quell::egress {
namespace {

Url url(const std::string& text) {
    return *Url::parse(text);
}

TEST(RequestRules, RefusesHeaderInjection) {
    for (const Header& header :
         {Header{"X-A", "1\r\nX-B: 2"}, Header{"X-A", "1\n2"}, Header{"X-A", std::string("1\0", 2)},
          Header{"X-A\r\nX-B", "1"}, Header{"X A", "1"}, Header{"", "1"}, Header{"X-A:", "1"},
          Header{"X-A;", "1"}, Header{"X-A", "\x7F"}}) {
        const auto result = check_message("GET", {header}, "", "");
        ASSERT_FALSE(result) << header.name;
        EXPECT_EQ(result.error()->code, Code::invalid_argument);
    }
}

TEST(RequestRules, RefusesHeadersThatFrameRouteOrRedispatch) {
    for (const std::string name :
         {"Host", "host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "TE",
          "Proxy-Authorization", "Proxy-Connection", "Expect", "Accept-Encoding",
          "X-HTTP-Method-Override", "x-http-method", "X-Method-Override"}) {
        EXPECT_FALSE(check_message("GET", {{name, "1"}}, "", "")) << name;
    }
}

TEST(RequestRules, RefusesTheHeaderOfTheCredentialProfileOnly) {
    EXPECT_FALSE(check_message("GET", {{"Authorization", "x"}}, "", "authorization"));
    EXPECT_FALSE(check_message("GET", {{"X-Api-Key", "x"}}, "", "x-api-key"));
    EXPECT_TRUE(check_message("GET", {{"Authorization", "x"}}, "", ""));
    EXPECT_TRUE(check_message("POST", {{"Content-Type", "application/json"}, {"Cookie", "a=b"}},
                              "{}", "authorization"));
}

TEST(RequestRules, RefusesOtherMethodsAndBodiesOfReads) {
    for (const std::string_view method :
         {"", "get", "CONNECT", "TRACE", "OPTIONS", "GET /x HTTP/1.1\r\n"}) {
        EXPECT_FALSE(check_message(method, {}, "", "")) << method;
    }
    EXPECT_FALSE(check_message("GET", {}, "x", ""));
    EXPECT_FALSE(check_message("HEAD", {}, "x", ""));
    EXPECT_TRUE(check_message("DELETE", {}, "x", ""));
}

TEST(RequestRules, CapsWhatIsSent) {
    const std::vector<Header> many(65, Header{"X-A", "1"});
    EXPECT_EQ(check_message("GET", many, "", "").error()->code, Code::resource_exhausted);
    EXPECT_EQ(check_message("GET", {{"X-A", std::string(17'000, 'x')}}, "", "").error()->code,
              Code::resource_exhausted);
    EXPECT_EQ(check_message("POST", {}, std::string((8 << 20) + 1, 'x'), "").error()->code,
              Code::resource_exhausted);
}

TEST(RequestRules, WantsTheWordOfManifestAndAdmin) {
    const auto both = Destinations::make({"a.example:443", "b.example:443"},
                                         {"b.example:443", "c.example:443"}, false);
    ASSERT_TRUE(both);

    EXPECT_TRUE(both->check(url("https://b.example/")));
    const auto no_admin = both->check(url("https://a.example/"));
    const auto no_manifest = both->check(url("https://c.example/"));
    ASSERT_FALSE(no_admin);
    ASSERT_FALSE(no_manifest);
    EXPECT_EQ(no_admin.error()->next_step,
              "Add \"a.example:443\" to egress of the plugin in quell.toml.");
    EXPECT_FALSE(both->check(url("https://b.example:8443/")));
}

TEST(RequestRules, AllowsHttpToLoopbackByTheAdminsWordOnly) {
    const std::vector<std::string> hosts = {"127.0.0.1:80", "localhost:80", "a.example:80",
                                            "a.example:443"};
    const auto strict = Destinations::make(hosts, hosts, false);
    const auto lenient = Destinations::make(hosts, hosts, true);

    EXPECT_FALSE(strict->check(url("http://127.0.0.1/")));
    EXPECT_EQ(*strict->check(url("https://a.example/")), Reach::public_only);
    EXPECT_EQ(*lenient->check(url("http://127.0.0.1/")), Reach::loopback_only);
    EXPECT_EQ(*lenient->check(url("http://localhost/")), Reach::loopback_only);
    EXPECT_EQ(*lenient->check(url("https://a.example/")), Reach::public_or_loopback);
    EXPECT_FALSE(lenient->check(url("http://a.example/")));
}

TEST(RequestRules, TakesAReadOnlyPostByItsExactPath) {
    ConnectorValues values;
    values.plain["base_url"] = "https://api.example/base/";
    const auto posts = ReadOnlyPosts::make({"/query/v1", "https://other.example/search"}, values);
    ASSERT_TRUE(posts);

    EXPECT_FALSE(is_acting("POST", url("https://api.example/base/query/v1?filter=x"), *posts));
    EXPECT_FALSE(is_acting("POST", url("https://other.example/search"), *posts));
    for (const std::string text :
         {"https://api.example/query/v1", "https://api.example/base/query/v1/",
          "https://api.example/base/query/V1", "https://api.example/base/query%2Fv1",
          "https://api.example/base/query/v%31", "https://other.example/base/query/v1",
          "https://api.example:8443/base/query/v1", "https://api.example/base/query/v1;x=1"}) {
        EXPECT_TRUE(is_acting("POST", url(text), *posts)) << text;
    }
    EXPECT_TRUE(is_acting("PUT", url("https://api.example/base/query/v1"), *posts));
    EXPECT_TRUE(is_acting("DELETE", url("https://api.example/base/query/v1"), *posts));
    EXPECT_FALSE(is_acting("GET", url("https://api.example/anything"), *posts));
    EXPECT_FALSE(is_acting("HEAD", url("https://api.example/anything"), *posts));
}

}  // namespace
}  // namespace quell::egress
