// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/endpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "identity/presented_credential.hpp"
#include "json/parse.hpp"

namespace quell::mcp {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kMeta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}})";

// The endpoint with tools that only count their calls; the token "good" has the scope to contain devices alone.
class EndpointTest : public ::testing::Test {
  protected:
    EndpointTest() : endpoint_({.public_url = "https://quell.example", .version = "1",
                                .note_refusal = [this](const auto&, const Tool& tool, std::string_view key) {
                                    refused_.push_back(tool.name + " " + std::string(key));
                                }}, check(),
                               [set = std::make_shared<const ToolSet>(tools())] { return set; }) {
        endpoint_.add_routes(router_);
    }

    static CallerCheck check() {
        return [](const http::Request& request) -> Result<identity::Principal> {
            const auto [kind, token] = identity::presented_credential(request, {});
            if (kind == identity::PresentedCredential::Kind::none) {
                return Error(Code::unauthenticated, "credential_missing", "A token is needed.");
            }
            if (token == "lost store") {
                return Error(Code::unavailable, "store_unavailable", "The store cannot be read.");
            }
            if (token != "good") {
                return Error(Code::unauthenticated, "invalid_token", "Invalid or expired token");
            }
            return identity::Principal{TenantId("acme"), "user:1", "a@b", ClientId("c"), {identity::Scope::devices_contain}};
        };
    }

    ToolBinding binding(identity::Scope scope, bool offered) {
        return {scope, [offered](const auto&) { return offered; },
                [this](const identity::Principal&, const json::Object& arguments, std::stop_token stop) -> base::Task<std::string> {
                    ++calls_;
                    stop_ = std::move(stop);
                    if (arguments.contains("reason") && json::text(arguments.at("reason")) == "refuse") {
                        co_return Error(Code::not_found, "device_not_found", "No such device.").next_step("Check the name.");
                    }
                    co_return R"({"done":true})";
                }};
    }

    ToolSet tools() {
        using identity::Scope;
        std::vector<std::pair<std::string, ToolBinding>> bindings;
        bindings.emplace_back("list_device_containment_capabilities", binding(Scope::devices_contain, true));
        bindings.emplace_back("list_session_revocation_capabilities", binding(Scope::sessions_revoke, true));
        bindings.emplace_back("get_containment_request", binding(Scope::devices_contain, false));
        bindings.emplace_back("get_revocation_request", binding(Scope::sessions_revoke, true));
        bindings.emplace_back("get_challenge_status", binding(Scope::challenges_read, true));
        bindings.emplace_back("list_secret_resources", binding(Scope::mcp_read, true));
        bindings.emplace_back("get_approval_status", binding(Scope::mcp_read, true));
        bindings.emplace_back("contain_device", binding(Scope::devices_contain, true));
        bindings.emplace_back("revoke_sessions", binding(Scope::sessions_revoke, true));
        bindings.emplace_back("create_challenge", binding(Scope::challenges_create, true));
        bindings.emplace_back("request_approval", binding(Scope::mcp_access, true));
        bindings.emplace_back("read-secret", binding(Scope::secrets_read, true));
        bindings.emplace_back("rotate-secret", binding(Scope::secrets_write, true));
        return ToolSet::make(std::move(bindings)).value();
    }

    http::Response post(const std::string& body, std::vector<http::Header> extra = {}, std::string_view token = "Bearer good") {
        std::vector<http::Header> headers{{"Content-Type", "application/json"}};
        if (!token.empty()) {
            headers.push_back({"Authorization", token});
        }
        headers.insert(headers.end(), extra.begin(), extra.end());
        std::vector<unsigned char> scratch(8192);
        const http::Request request{.method = "POST", .path = "/mcp", .query = {}, .headers = headers, .body = body,
                                    .peer = "127.0.0.1", .scratch = scratch, .watch = nullptr};
        boost::asio::io_context context;
        http::Response response;
        boost::asio::co_spawn(context, router_.route(request), [&](std::exception_ptr failure, http::Response answer) {
            EXPECT_FALSE(failure);
            response = std::move(answer);
        });
        context.run();
        return response;
    }

    http::Response stateless(std::string_view method, const std::string& params, std::string_view name = {}) {
        std::vector<http::Header> headers{{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", method}};
        if (!name.empty()) {
            headers.push_back({"Mcp-Name", name});
        }
        const std::string comma = params.empty() ? "" : ",";
        return post(R"({"jsonrpc":"2.0","id":7,"method":")" + std::string(method) + R"(","params":{)" + std::string(kMeta) +
                        comma + params + "}}",
                    headers);
    }

    static json::Value body_of(const http::Response& response) { return json::parse(response.body).value(); }
    static std::int64_t error_code(const http::Response& response) {
        return body_of(response).at("error").at("code").to_number<std::int64_t>();
    }
    static std::string header_of(const http::Response& response, std::string_view name) {
        for (const auto& [key, value] : response.headers) {
            if (key == name) {
                return value;
            }
        }
        return {};
    }

    int calls_ = 0;
    std::vector<std::string> refused_;  // what the door was told
    std::stop_token stop_;
    Endpoint endpoint_;
    http::Router router_;
};

constexpr const char* kContain =
    R"("name":"contain_device","arguments":{"action":"network_contain","lookup":{"lookup_type":"hostname","value":"a"}})";

// DC-01, E03
TEST_F(EndpointTest, ChallengesACallWithoutToken) {
    const auto response = post("{}", {}, "");

    EXPECT_EQ(response.status, 401U);
    EXPECT_THAT(header_of(response, "WWW-Authenticate"),
                ::testing::StartsWith("Bearer realm=\"mcp\", "
                                      "resource_metadata=\"https://quell.example/.well-known/oauth-protected-resource\""));
}

// V26
TEST_F(EndpointTest, SaysThatATokenIsInvalid) {
    EXPECT_THAT(header_of(post("{}", {}, "Bearer bad"), "WWW-Authenticate"),
                HasSubstr("error=\"invalid_token\", error_description=\"Invalid or expired token\""));
}

TEST_F(EndpointTest, AnswersThatTheStoreIsLostInsteadOfRefusingTheToken) {
    EXPECT_EQ(post("{}", {}, "Bearer lost store").status, 503U);
}

// MC-02
TEST_F(EndpointTest, RefusesAPageOfAnotherOrigin) {
    EXPECT_EQ(post("{}", {{"Origin", "https://evil.example"}}).status, 403U);
    EXPECT_EQ(post("{}", {{"Origin", "https://quell.example"}}).status, 400U);
}

// HT-02, HT-03, HT-04
TEST_F(EndpointTest, RefusesBodiesThatTwoParsersWouldReadDifferently) {
    const std::string deep(100'000, '[');
    for (const std::string& body : {deep, std::string(R"({"jsonrpc":"2.0","jsonrpc":"2.0"})"), std::string("{\"a\":\"\xff\"}"),
                                    std::string(R"({"a":"\ud800"})"), std::string(R"({"a":1e999})"),
                                    std::string("\xEF\xBB\xBF{}"), std::string("{} {}")}) {
        const auto response = post(body);
        EXPECT_EQ(response.status, 400U) << body.substr(0, 40);
        EXPECT_EQ(error_code(response), -32700) << body.substr(0, 40);
    }
    EXPECT_EQ(calls_, 0);
}

// MC-09
TEST_F(EndpointTest, RefusesABatch) {
    const auto response = post(R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])");
    EXPECT_EQ(response.status, 400U);
    EXPECT_EQ(error_code(response), -32600);
}

TEST_F(EndpointTest, OpensTheOlderEraWithTheClientsOwnVersion) {
    const auto response =
        post(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{}}})");
    EXPECT_EQ(body_of(response).at("result").at("protocolVersion"), "2025-06-18");
    EXPECT_EQ(header_of(response, "Mcp-Session-Id"), "");
}

TEST_F(EndpointTest, OffersItsNewestOlderVersionForAnUnknownOne) {
    const auto response = post(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"1999-01-01"}})");
    EXPECT_EQ(body_of(response).at("result").at("protocolVersion"), "2025-11-25");
}

TEST_F(EndpointTest, KeepsNothingThatIsTooLong) {
    const std::string padding(16 * 1024, 'x');
    const std::string capabilities = R"({"experimental":{"a":{"b":")" + padding + R"("}}})";
    const std::string meta = R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":)" +
                             capabilities + "}";
    const std::string id(257, 'i');

    EXPECT_EQ(error_code(post(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":)" +
                              capabilities + "}}")),
              -32602);
    EXPECT_EQ(error_code(post(R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{)" + meta + "}}",
                              {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/list"}})),
              -32602);
    EXPECT_EQ(error_code(post(R"({"jsonrpc":"2.0","id":")" + id + R"(","method":"ping"})")), -32600);
    EXPECT_EQ(post(R"({"jsonrpc":"2.0","id":")" + id.substr(1) + R"(","method":"ping","params":{"x":")" + padding + R"("}})").status, 200U);
}

TEST_F(EndpointTest, TakesNotificationsWithoutAnAnswer) {
    const auto response = post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    EXPECT_EQ(response.status, 202U);
    EXPECT_EQ(response.body, "");
}

TEST_F(EndpointTest, DiscoversItselfInTheStatelessEra) {
    const auto result = body_of(stateless("server/discover", "")).at("result");
    EXPECT_EQ(result.at("supportedVersions").at(0), "2026-07-28");
    EXPECT_EQ(result.at("resultType"), "complete");
    EXPECT_EQ(result.at("cacheScope"), "private");
}

// MC-12
TEST_F(EndpointTest, WantsTheMetaMembersOfTheStatelessEra) {
    const auto response = post(R"({"jsonrpc":"2.0","id":1,"method":"server/discover","params":{}})",
                               {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "server/discover"}});
    EXPECT_EQ(response.status, 400U);
    EXPECT_EQ(error_code(response), -32602);
}

// MC-11
TEST_F(EndpointTest, NamesItsVersionsToAClientOfAnother) {
    const auto response = post(R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{)"
                               R"("io.modelcontextprotocol/protocolVersion":"2027-01-01",)"
                               R"("io.modelcontextprotocol/clientCapabilities":{}}}})",
                               {{"MCP-Protocol-Version", "2027-01-01"}, {"Mcp-Method", "tools/list"}});
    EXPECT_EQ(response.status, 400U);
    EXPECT_EQ(error_code(response), -32022);
    EXPECT_EQ(body_of(response).at("error").at("data").at("requested"), "2027-01-01");
}

// MC-11
TEST_F(EndpointTest, AnswersAnUnknownMethodByEra) {
    EXPECT_EQ(stateless("ping", "").status, 404U);
    EXPECT_EQ(error_code(stateless("ping", "")), -32601);
    EXPECT_EQ(post(R"({"jsonrpc":"2.0","id":1,"method":"nope"})").status, 200U);
}

// MC-06
TEST_F(EndpointTest, RefusesHeadersThatDifferFromTheBody) {
    EXPECT_EQ(error_code(stateless("tools/call", kContain, "revoke_sessions")), -32020);
    EXPECT_EQ(error_code(stateless("tools/call", kContain)), -32020);
    EXPECT_EQ(stateless("tools/call", kContain, "revoke_sessions").status, 400U);
    EXPECT_EQ(calls_, 0);
    EXPECT_EQ(stateless("tools/call", kContain, "=?base64?Y29udGFpbl9kZXZpY2U=?=").status, 200U);
    EXPECT_EQ(calls_, 1);
}

// MC-08
TEST_F(EndpointTest, ListsOnlyWhatScopeAndSwitchesAllowInOneOrder) {
    const auto first = stateless("tools/list", ""), second = stateless("tools/list", "");

    EXPECT_EQ(first.body, second.body);
    const auto tools = body_of(first).at("result").at("tools").as_array();
    ASSERT_EQ(tools.size(), 2U);
    EXPECT_EQ(tools[0].at("name"), "list_device_containment_capabilities");
    EXPECT_EQ(tools[1].at("name"), "contain_device");
}

// MC-03, TN-04, V06
TEST_F(EndpointTest, NamesTheMissingScopeOfATool) {
    const auto response = post(
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"revoke_sessions","arguments":{"username":"a"}}})");
    EXPECT_EQ(response.status, 403U);
    EXPECT_THAT(header_of(response, "WWW-Authenticate"), HasSubstr("error=\"insufficient_scope\""));
    EXPECT_THAT(refused_, testing::ElementsAre(testing::EndsWith(" insufficient_scope")));
    EXPECT_THAT(header_of(response, "WWW-Authenticate"), HasSubstr("scope=\"sessions:revoke\""));
    EXPECT_EQ(calls_, 0);
}

// MC-07
TEST_F(EndpointTest, KeepsAnUnknownToolApartFromABadArgument) {
    EXPECT_EQ(error_code(post(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"nope"}})")), -32602);

    const auto result = body_of(post(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"contain_device",)"
                                     R"("arguments":{"action":"explode","lookup":{"lookup_type":"hostname","value":"a"}}}})"))
                            .at("result");
    EXPECT_TRUE(result.at("isError").as_bool());
    EXPECT_EQ(result.at("structuredContent").at("error").at("key"), "invalid_arguments");
    EXPECT_THAT(refused_, testing::ElementsAre(testing::EndsWith(" invalid_arguments")));
    EXPECT_EQ(result.at("structuredContent").at("error").at("allowed").as_array().size(), 3U);
    EXPECT_EQ(calls_, 0);
}

TEST_F(EndpointTest, GivesARefusalAsAResultWithItsNextStep) {
    const auto result = body_of(post(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"contain_device",)"
                                     R"("arguments":{"action":"lock_device","lookup":{"lookup_type":"hostname","value":"a"},)"
                                     R"("reason":"refuse"}}})"))
                            .at("result");
    EXPECT_TRUE(result.at("isError").as_bool());
    EXPECT_EQ(result.at("structuredContent").at("error").at("next_step"), "Check the name.");
    EXPECT_FALSE(result.as_object().contains("resultType"));
}

TEST_F(EndpointTest, GivesTheStructuredResultAlsoAsText) {
    const auto result = body_of(stateless("tools/call", kContain, "contain_device")).at("result");
    EXPECT_EQ(json::parse(json::text(result.at("content").at(0).at("text"))).value(), result.at("structuredContent"));
    EXPECT_EQ(result.at("resultType"), "complete");
}

TEST_F(EndpointTest, RunsAToolWhoseArgumentsAreLeftOut) {
    post(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_device_containment_capabilities"}})");
    EXPECT_EQ(calls_, 1);
}

}  // namespace
}  // namespace quell::mcp
