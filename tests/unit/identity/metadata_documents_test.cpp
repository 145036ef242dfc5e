// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/metadata_documents.hpp"

#include <gmock/gmock.h>

#include "identity/metadata_document.hpp"
#include "identity/temporary_host.hpp"

namespace quell::identity {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kId = "https://client.example/oauth/client.json";

std::string document(const std::string& more = "", std::string_view id = kId) {
    return R"({"client_id":")" + std::string(id) +
           R"(","client_name":"Editor","redirect_uris":["http://127.0.0.1/callback","https://client.example/cb"],)"
           R"("grant_types":["authorization_code","refresh_token"])" +
           (more.empty() ? "" : "," + more) + "}";
}

Result<Client> read(const std::string& body) { return read_metadata_document(kId, body, from_unix_millis(0)); }

std::string key_of(const Result<Client>& client) { return client ? "ok" : client.error()->key; }

TEST(MetadataDocument, DescribesAPublicClientOfNoTenant) {
    const auto client = read(document());

    ASSERT_TRUE(client);
    EXPECT_EQ(client->id.str(), kId);
    EXPECT_EQ(client->kind, ClientKind::metadata);
    EXPECT_TRUE(client->tenant.empty());
    EXPECT_EQ(client->name, "Editor");
    EXPECT_FALSE(client->confidential);
    EXPECT_EQ(client->redirect_uris.size(), 2U);
    EXPECT_TRUE(client->may_use(GrantType::refresh_token));
    EXPECT_FALSE(client->may_use(GrantType::client_credentials));
}

TEST(MetadataDocument, MayBringPublicKeys) {
    const auto client = read(document(
        R"("token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[)"
        R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})"));

    ASSERT_TRUE(client);
    EXPECT_TRUE(client->confidential);
    EXPECT_THAT(client->jwks, HasSubstr("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
}

// Editors list schemes that no browser should be sent to, beside the loopback that they use here.
TEST(MetadataDocument, LosesRedirectUrisThatAreNotAllowed) {
    const auto client = read(R"({"client_id":")" + std::string(kId) +
                             R"(","redirect_uris":["vscode://x/cb","http://127.0.0.1/cb","javascript:x"]})");

    ASSERT_TRUE(client);
    ASSERT_EQ(client->redirect_uris.size(), 1U);
    EXPECT_TRUE(client->redirect_uris.front().leads_to_this_machine());
    EXPECT_EQ(client->name, "client.example");
}

class BadDocument : public testing::TestWithParam<std::string> {};

// DC-04
TEST_P(BadDocument, IsAnInvalidClient) { EXPECT_EQ(key_of(read(GetParam())), "invalid_client") << GetParam(); }

INSTANTIATE_TEST_SUITE_P(
    MetadataDocument, BadDocument,
    testing::Values("", "[]", "<html>", document().substr(1), document("", "https://client.example/oauth/client.json/"),
                    document("", "https://CLIENT.example/oauth/client.json"), document(R"("client_secret":"x")"),
                    document(R"("client_secret":null)"), document(R"("client_secret_expires_at":0)"),
                    document(R"("token_endpoint_auth_method":"client_secret_post")"),
                    document(R"("token_endpoint_auth_method":"client_secret_basic")"),
                    document(R"("jwks":{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",)"
                             R"("d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}]})"),
                    document(R"("jwks":{"keys":[{"kty":"oct","k":"c"}]})"),
                    document("\"x\":\"" + std::string(5 * 1024, 'x') + "\""),
                    R"({"client_id":")" + std::string(kId) + R"("})",
                    R"({"client_id":")" + std::string(kId) + R"(","redirect_uris":["http://evil.example/cb"]})",
                    R"({"client_id":")" + std::string(kId) + R"(","redirect_uris":["http://127.0.0.1/"],"client_name":"a\u200bb"})"));

std::string why_refused(std::string_view id, const config::MetadataDocumentSettings& rules = {}) {
    const auto url = metadata_document_url(id, rules);
    return url ? "" : url.error()->message;
}

// DC-04
TEST(MetadataDocumentUrl, IsHttpsWithAPath) {
    EXPECT_EQ(why_refused(kId), "");
    EXPECT_EQ(why_refused("https://client.example:8443/x?y=1"), "");
    EXPECT_THAT(why_refused("http://client.example/x"), HasSubstr("https"));
    EXPECT_THAT(why_refused("http://127.0.0.1/x"), HasSubstr("https"));
    EXPECT_THAT(why_refused("https://client.example"), HasSubstr("path"));
    EXPECT_THAT(why_refused("https://client.example/"), HasSubstr("path"));
    for (const std::string_view id : {"https://u:p@client.example/x", "https://client.example/x#y",
                                      "https://client.example/a/../b", "https://client.example/%2e%2e/b", "https:///x",
                                      "https://client.example\\x"}) {
        EXPECT_NE(why_refused(id), "") << id;
    }
    EXPECT_NE(why_refused("https://client.example/" + std::string(1024, 'x')), "");
}

TEST(MetadataDocumentUrl, IsAtATrustedHost) {
    config::MetadataDocumentSettings rules;
    rules.trusted_hosts = {"claude.ai", "*.corp.example"};

    EXPECT_EQ(why_refused("https://claude.ai/client.json", rules), "");
    EXPECT_EQ(why_refused("https://a.corp.example/client.json", rules), "");
    EXPECT_THAT(why_refused("https://evilclaude.ai/client.json", rules), HasSubstr("trust"));
    EXPECT_THAT(why_refused("https://claude.ai.evil.example/client.json", rules), HasSubstr("trust"));
}

TEST(MetadataDocumentUrl, IsPlainHttpOnThisMachineForTestsAlone) {
    config::MetadataDocumentSettings rules;
    rules.allow_insecure_loopback = true;

    EXPECT_EQ(why_refused("http://127.0.0.1:8080/client.json", rules), "");
    EXPECT_NE(why_refused("http://client.example/client.json", rules), "");
}

TEST(MetadataDocumentUrl, IsRefusedWhereDocumentsAreOff) {
    config::MetadataDocumentSettings off;
    off.enabled = false;

    EXPECT_NE(why_refused(kId, off), "");
}

// Documents as a web server gives them, and the clock of the test.
struct Given {
    TemporaryHost host;
    Result<egress::HttpResponse> answer = egress::HttpResponse{
        .status = 200, .headers = {{"content-type", "application/json"}}, .body = document()};
    int fetched = 0;
    MetadataDocuments documents{[this](egress::Url url, bool) { return serve(std::move(url)); }, host.clock_of_test()};

    base::Task<egress::HttpResponse> serve(egress::Url) {
        ++fetched;
        co_return answer;
    }
    Result<Client> find() { return host.run(documents.find(std::string(kId), {})); }
    void add_header(std::string name, std::string value) {
        answer->headers.push_back({std::move(name), std::move(value)});
    }
};

TEST(MetadataDocuments, AreRememberedAsLongAsTheAnswerAllows) {
    Given given;
    given.add_header("cache-control", "max-age=60");

    EXPECT_TRUE(given.find());
    given.host.now += std::chrono::seconds(59);
    EXPECT_TRUE(given.find());
    EXPECT_EQ(given.fetched, 1);
    given.host.now += std::chrono::seconds(1);
    EXPECT_TRUE(given.find());
    EXPECT_EQ(given.fetched, 2);
}

TEST(MetadataDocuments, AreFetchedEachTimeIfTheyMustNotBeStored) {
    Given given;
    given.add_header("cache-control", "no-store");

    EXPECT_TRUE(given.find());
    EXPECT_TRUE(given.find());
    EXPECT_EQ(given.fetched, 2);
}

TEST(MetadataDocuments, AreRememberedForADayAtMost) {
    Given given;
    given.add_header("cache-control", "max-age=31536000");

    EXPECT_TRUE(given.find());
    given.host.now += std::chrono::hours(24);
    EXPECT_TRUE(given.find());
    EXPECT_EQ(given.fetched, 2);
}

TEST(MetadataDocuments, AreRememberedForMinutesIfTheAnswerSaysNothing) {
    Given given;

    EXPECT_TRUE(given.find());
    given.host.now += std::chrono::minutes(4);
    EXPECT_TRUE(given.find());
    EXPECT_EQ(given.fetched, 1);
}

// DC-04
TEST(MetadataDocuments, AreAskedForAgainAfterAFailure) {
    Given given;
    given.add_header("cache-control", "max-age=600");
    const std::string good = given.answer->body;
    given.answer->body = "{}";
    EXPECT_EQ(key_of(given.find()), "invalid_client");
    given.answer->body = good;

    EXPECT_TRUE(given.find());
    EXPECT_EQ(given.fetched, 2);
}

// DC-04
TEST(MetadataDocuments, AreRefusedWithAnyOtherStatusOrType) {
    for (const int status : {201, 204, 301, 302, 304, 404, 500}) {
        Given given;
        given.answer->status = status;
        EXPECT_EQ(key_of(given.find()), "invalid_client") << status;
    }
    for (const std::string type : {"text/html", "text/plain", "application/jsonx", ""}) {
        Given given;
        given.answer->headers = {{"content-type", type}};
        EXPECT_EQ(key_of(given.find()), "invalid_client") << type;
    }
    for (const std::string type : {"application/json; charset=utf-8", "Application/JSON", "application/cimd+json"}) {
        Given given;
        given.answer->headers = {{"content-type", type}};
        EXPECT_EQ(key_of(given.find()), "ok") << type;
    }
}

TEST(MetadataDocuments, TellNothingOfTheNetworkWhenTheyCannotBeFetched) {
    Given given;
    given.answer = Error(Code::failed_precondition, "connector_misconfigured", "10.0.0.1 is a private address.");

    const auto refused = given.find();

    EXPECT_EQ(key_of(refused), "invalid_client");
    EXPECT_EQ(refused.error()->message.find("10.0.0.1"), std::string::npos);
}

TEST(MetadataDocuments, AreNotFetchedFromARefusedAddress) {
    Given given;

    EXPECT_FALSE(given.host.run(given.documents.find("http://client.example/x", {})));
    EXPECT_EQ(given.fetched, 0);
}

}  // namespace
}  // namespace quell::identity
