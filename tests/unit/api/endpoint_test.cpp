// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "api/endpoint.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>

#include "api/paging.hpp"
#include "json/parse.hpp"
#include "json/slice.hpp"

namespace quell::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kDefinitions = R"({
  "Thing": {"type": "object", "properties": {"name": {"type": "string", "minLength": 1}, "size": {"type": "integer", "enum": [1, 2]}},
            "required": ["name"], "additionalProperties": false},
  "Made": {"type": "object", "properties": {"thing": {"$ref": "#/$defs/Thing"}}}
})";

Call copy_of(const Call& call) { return call; }

// A door with three routes, whose code only notes the call; the token "good" may contain devices.
class ApiEndpointTest : public ::testing::Test {
  protected:
    ApiEndpointTest() : endpoint_(options(), check(), RouteTable::make({{routes(), kDefinitions}}).value()) { endpoint_.add_routes(router_); }

    EndpointOptions options() {
        return {.public_url = "https://quell.example", .allowed_origins = {"https://app.example"}, .limiter = limiter_,
                .calls_per_minute = [this] { return calls_per_minute_; },
                .note_refusal = [this](const auto&, const Route& route, std::string_view key) {
                    refused_.push_back(route.operation + " " + std::string(key));
                }};
    }

    static CallerCheck check() {
        return [](const http::Request& request) -> Result<identity::Principal> {
            const std::string_view given = request.find("Authorization");
            if (given.empty()) {
                return Error(Code::unauthenticated, "credential_missing", "A bearer token or an API key is needed.");
            }
            if (given == "Bearer lost") {
                return Error(Code::unavailable, "store_unavailable", "The store cannot be read.");
            }
            if (!given.starts_with("Bearer good")) {
                return Error(Code::unauthenticated, "invalid_token", "Invalid or expired token");
            }
            return identity::Principal{TenantId("acme"), "user:" + std::string(given), "a@b", {}, {identity::Scope::devices_contain}};
        };
    }

    std::vector<Route> routes() {
        const Handler note = [this](const Call& call) { return noted(copy_of(call)); };
        return {{.method = "POST", .path = "/api/v1/things", .operation = "makeThing", .tag = "Things", .summary = "Make one.",
                 .scope = identity::Scope::devices_contain, .body = "Thing", .answer = "Made", .takes_idempotency_key = true, .handler = note},
                {.method = "GET", .path = "/api/v1/things/{id}", .operation = "getThing", .tag = "Things", .summary = "Get one.",
                 .query = page_parameters(), .answer = "Made", .handler = note},
                {.method = "DELETE", .path = "/api/v1/things/{id}", .operation = "dropThing", .tag = "Things", .summary = "Drop one.",
                 .scope = identity::Scope::sessions_revoke, .answer = "Made", .handler = note}};
    }

    base::Task<Reply> noted(Call call) {
        ++calls_;
        path_ = call.path;
        query_ = call.query;
        key_ = call.idempotency_key;
        if (failure_) {
            co_return *failure_;
        }
        co_return Reply{.document = "{}", .status = 201, .headers = {{"Location", "/x"}}};
    }

    http::Response ask(std::string_view method, std::string_view target, std::string body = {}, std::vector<http::Header> headers = {},
                       std::string_view credential = "Bearer good") {
        if (!credential.empty()) {
            headers.push_back({"Authorization", credential});
        }
        if (!body.empty()) {
            headers.push_back({"Content-Type", "application/json"});
        }
        const auto mark = target.find('?');
        std::vector<unsigned char> scratch(8192);
        const http::Request request{.method = method, .path = target.substr(0, mark),
                                    .query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1),
                                    .headers = std::move(headers), .body = body, .peer = "127.0.0.1", .scratch = scratch};
        boost::asio::io_context context;
        http::Response response;
        boost::asio::co_spawn(context, router_.route(request), [&](std::exception_ptr failure, http::Response answer) {
            EXPECT_FALSE(failure);
            response = std::move(answer);
        });
        context.run();
        return response;
    }

    static json::Value error_of(const http::Response& response) { return json::parse(response.body).value().at("error"); }
    static std::string text_of(const json::Value& error, std::string_view name) { return std::string(json::text(error.at(name))); }
    static std::string header_of(const http::Response& response, std::string_view name) {
        for (const auto& [key, value] : response.headers) {
            if (key == name) {
                return value;
            }
        }
        return {};
    }

    int calls_ = 0;
    std::int64_t calls_per_minute_ = 100;
    std::vector<std::string> path_;
    json::Object query_;
    std::optional<std::string> key_;
    std::optional<Error> failure_;
    std::vector<std::string> refused_;
    policy::RateLimiter limiter_;
    http::Router router_;
    Endpoint endpoint_;
};

TEST_F(ApiEndpointTest, PassesACheckedCallOn) {
    const auto response = ask("POST", "/api/v1/things", R"({"name": "a"})", {{"Idempotency-Key", "k-1"}});

    EXPECT_EQ(response.status, 201U);
    EXPECT_EQ(header_of(response, "Location"), "/x");
    EXPECT_EQ(key_, "k-1");
    EXPECT_EQ(ask("GET", "/api/v1/things/a%2Fb?limit=7").status, 201U);
    EXPECT_THAT(path_, ElementsAre("a/b"));
    EXPECT_EQ(query_.at("limit").as_int64(), 7);
}

TEST_F(ApiEndpointTest, SaysWhereATokenComesFrom) {
    const auto missing = ask("GET", "/api/v1/things/1", {}, {}, "");
    const auto wrong = ask("GET", "/api/v1/things/1", {}, {}, "Bearer bad");

    EXPECT_EQ(missing.status, 401U);
    EXPECT_THAT(header_of(missing, "WWW-Authenticate"), HasSubstr("https://quell.example/.well-known/oauth-protected-resource"));
    EXPECT_EQ(text_of(error_of(missing), "code"), "AUTHENTICATION_REQUIRED");
    EXPECT_THAT(header_of(wrong, "WWW-Authenticate"), HasSubstr("invalid_token"));
    EXPECT_EQ(ask("GET", "/api/v1/things/1", {}, {}, "Bearer lost").status, 503U);
    EXPECT_EQ(calls_, 0);
}

TEST_F(ApiEndpointTest, RefusesWithoutTheScopeAndNamesIt) {
    const auto response = ask("DELETE", "/api/v1/things/1");

    EXPECT_EQ(response.status, 403U);
    EXPECT_EQ(text_of(error_of(response), "key"), "insufficient_scope");
    EXPECT_EQ(text_of(error_of(response).at("details"), "scope"), "sessions:revoke");
    EXPECT_THAT(header_of(response, "WWW-Authenticate"), HasSubstr("sessions:revoke"));
    EXPECT_THAT(refused_, ElementsAre("dropThing insufficient_scope"));
    EXPECT_EQ(calls_, 0);
}

// L41+
TEST_F(ApiEndpointTest, AnswersEveryErrorWithItsCodeAndOurMembers) {
    const std::vector<std::tuple<Code, unsigned, std::string>> kinds = {
        {Code::invalid_argument, 400, "VALIDATION_ERROR"},    {Code::unauthenticated, 401, "AUTHENTICATION_REQUIRED"},
        {Code::permission_denied, 403, "PERMISSION_DENIED"},  {Code::not_found, 404, "RESOURCE_NOT_FOUND"},
        {Code::resource_exhausted, 429, "RATE_LIMIT_EXCEEDED"}, {Code::internal, 500, "INTERNAL_ERROR"},
        {Code::already_exists, 409, "CONFLICT"},              {Code::unavailable, 503, "SERVICE_UNAVAILABLE"}};
    for (const auto& [code, status, name] : kinds) {
        failure_ = Error(code, "some_key", "Why.").allowed({"a"}).next_step("Do that.").retryable(7);

        const auto response = ask("GET", "/api/v1/things/1");

        EXPECT_EQ(response.status, status) << name;
        EXPECT_EQ(header_of(response, "Retry-After"), "7");
        EXPECT_EQ(response.body, R"({"error":{"code":")" + name + R"(","details":{},"key":"some_key","message":"Why.","allowed":["a"],)" +
                                     R"("candidates":[],"next_step":"Do that.","retryable":true,"retry_after_seconds":7}})");
    }
}

TEST_F(ApiEndpointTest, RefusesABodyThatBreaksTheSchemaWithEveryPlace) {
    const auto response = ask("POST", "/api/v1/things", R"({"name": "", "size": 3})");

    EXPECT_EQ(response.status, 400U);
    EXPECT_EQ(error_of(response).at("details").at("violations").as_array().size(), 2U);
    EXPECT_EQ(error_of(response).at("details").at("violations").at(0).at("pointer").as_string(), "/name");
    EXPECT_THAT(refused_, ElementsAre("makeThing invalid_arguments"));
    EXPECT_EQ(calls_, 0);
}

// HT-02, HT-03, HT-04
TEST_F(ApiEndpointTest, TakesStrictJsonAlone) {
    for (const std::string body : {R"({"name":"a","name":"b"})", "[]", "{", "\xEF\xBB\xBF{\"name\":\"a\"}", R"({"name":"\ud800"})"}) {
        EXPECT_EQ(ask("POST", "/api/v1/things", body).status, 400U) << body;
    }
    EXPECT_EQ(ask("POST", "/api/v1/things", std::string(100'000, '[')).status, 400U);
    EXPECT_EQ(ask("POST", "/api/v1/things").status, 415U);
    EXPECT_EQ(ask("GET", "/api/v1/things/1", R"({})").status, 400U);
    EXPECT_EQ(ask("GET", "/api/v1/things/1", {}, {{"Accept", "text/html"}}).status, 406U);
    EXPECT_EQ(calls_, 0);
}

TEST_F(ApiEndpointTest, RefusesAQueryThatItDoesNotKnow) {
    for (const std::string_view query : {"limit=0", "limit=101", "limit=x", "limit=1&limit=2", "other=1", "limit=%zz"}) {
        const std::string target = "/api/v1/things/1?" + std::string(query);
        EXPECT_EQ(ask("GET", target).status, 400U) << query;
    }
    EXPECT_EQ(calls_, 0);
}

TEST_F(ApiEndpointTest, RefusesABadPath) {
    for (const std::string_view path : {"/api/v1/things/%zz", "/api/v1/things/%ff", "/api/v1/things/%00"}) {
        EXPECT_EQ(ask("GET", path).status, 400U) << path;
    }
    EXPECT_EQ(calls_, 0);
}

// L42+
TEST_F(ApiEndpointTest, RefusesAnIdempotencyKeyThatCannotCount) {
    const std::string body = R"({"name": "a"})";
    const std::string longest(128, 'k');
    const std::string longer(129, 'k');

    EXPECT_EQ(ask("POST", "/api/v1/things", body, {{"Idempotency-Key", longest}}).status, 201U);
    EXPECT_EQ(ask("POST", "/api/v1/things", body, {{"Idempotency-Key", longer}}).status, 400U);
    EXPECT_EQ(ask("POST", "/api/v1/things", body, {{"Idempotency-Key", "a b"}}).status, 400U);
    EXPECT_EQ(ask("POST", "/api/v1/things", body, {{"Idempotency-Key", "a"}, {"Idempotency-Key", "b"}}).status, 400U);
    EXPECT_EQ(calls_, 1);
}

// L42+
TEST_F(ApiEndpointTest, LimitsThePrincipalAndSaysSo) {
    calls_per_minute_ = 2;

    const auto first = ask("GET", "/api/v1/things/1");
    EXPECT_EQ(header_of(first, "X-RateLimit-Limit"), "2");
    EXPECT_EQ(header_of(first, "X-RateLimit-Remaining"), "1");
    EXPECT_THAT(header_of(first, "X-RateLimit-Reset"), ::testing::SizeIs(10));
    EXPECT_EQ(ask("GET", "/api/v1/things/1").status, 201U);
    const auto refused = ask("GET", "/api/v1/things/1");
    EXPECT_EQ(refused.status, 429U);
    EXPECT_EQ(header_of(refused, "X-RateLimit-Remaining"), "0");
    EXPECT_NE(header_of(refused, "Retry-After"), "");
    EXPECT_EQ(ask("GET", "/api/v1/things/1", {}, {}, "Bearer good2").status, 201U);
}

TEST_F(ApiEndpointTest, RefusesPagesOfOtherOrigins) {
    EXPECT_EQ(ask("GET", "/api/v1/things/1", {}, {{"Origin", "https://evil.example"}}).status, 403U);
    EXPECT_EQ(ask("GET", "/api/v1/things/1", {}, {{"Origin", "https://app.example"}}).status, 201U);
    EXPECT_EQ(ask("GET", "/api/v1/things/1", {}, {{"Origin", "https://quell.example"}}).status, 201U);
    EXPECT_EQ(calls_, 2);
}

TEST_F(ApiEndpointTest, DescribesItselfToEverybody) {
    const auto response = ask("GET", "/api/v1/openapi.json", {}, {}, "");
    const json::Value document = json::parse(response.body).value();

    EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
    const json::Value& make = document.at("paths").at("/api/v1/things").at("post");
    EXPECT_EQ(make.at("operationId").as_string(), "makeThing");
    EXPECT_EQ(make.at("requestBody").at("content").at("application/json").at("schema").at("$ref").as_string(), "#/components/schemas/Thing");
    EXPECT_EQ(make.at("security").at(0).at("bearer").at(0).as_string(), "devices:contain");
    EXPECT_EQ(document.at("paths").at("/api/v1/things/{id}").as_object().size(), 2U);
    EXPECT_EQ(document.at("components").at("schemas").at("Made").at("properties").at("thing").at("$ref").as_string(), "#/components/schemas/Thing");
    EXPECT_THAT(endpoint_.paths(), ElementsAre("/api/v1/openapi.json", "/api/v1/things", "/api/v1/things/{id}"));
}

TEST(RouteTable, RefusesAProgramThatWasBuiltWrong) {
    const Handler handler = [](const Call&) -> base::Task<Reply> { co_return Reply{}; };
    const Route good{.method = "GET", .path = "/x", .operation = "x", .tag = "X", .summary = "X.", .answer = "Thing", .handler = handler};
    Route undefined = good;
    undefined.answer = "Nothing";
    Route codeless = good;
    codeless.handler = nullptr;

    EXPECT_TRUE(RouteTable::make({{{good}, kDefinitions}}));
    EXPECT_FALSE(RouteTable::make({{{undefined}, kDefinitions}}));
    EXPECT_FALSE(RouteTable::make({{{codeless}, kDefinitions}}));
    EXPECT_FALSE(RouteTable::make({{{good, good}, kDefinitions}}));
    EXPECT_FALSE(RouteTable::make({{{good}, kDefinitions}, {{}, kDefinitions}}));
}

std::string name_of(std::string_view document) {
    const std::string_view quoted = json::member_text(document, "id").value();
    return std::string(quoted.substr(1, quoted.size() - 2));
}

// L42+, A07
TEST(Paging, GivesACursorWhileThereIsMore) {
    const std::vector<std::string_view> documents = {R"({"id":"a"})", R"({"id":"b"})", R"({"id":"c"})"};

    EXPECT_EQ(page_document(documents, {.after = {}, .limit = 2}, name_of),
              R"({"data":[{"id":"a"},{"id":"b"}],"pagination":{"cursor":"Yg","hasMore":true}})");
    EXPECT_EQ(page_document(documents, {.after = {}, .limit = 3}, name_of),
              R"({"data":[{"id":"a"},{"id":"b"},{"id":"c"}],"pagination":{"cursor":null,"hasMore":false}})");
    EXPECT_EQ(page_document({}, {}, name_of), R"({"data":[],"pagination":{"cursor":null,"hasMore":false}})");
}

}  // namespace
}  // namespace quell::api
