// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/client_metadata.hpp"

#include <gmock/gmock.h>

#include "json/parse.hpp"

namespace quell::identity {
namespace {

using ::testing::ElementsAre;

// RFC 8037 A.2.
constexpr std::string_view kKey =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"1"})";

// `members` beside a redirect URI.
Result<ClientMetadata> read(const std::string& members) {
    const std::string text = R"({"redirect_uris":["https://soar.example/cb"])" + (members.empty() ? "" : "," + members) + "}";
    return read_client_metadata(json::parse(text).value().as_object());
}

std::string key_of(const Result<ClientMetadata>& metadata) { return metadata ? "ok" : metadata.error()->key; }

// RFC 7591 2.
TEST(ClientMetadata, HasTheDefaultsOfTheStandard) {
    const auto metadata = read("");

    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->name, "");
    EXPECT_THAT(metadata->redirect_uris, ElementsAre("https://soar.example/cb"));
    EXPECT_THAT(metadata->grants, ElementsAre(GrantType::authorization_code));
    EXPECT_EQ(metadata->auth_method, std::nullopt);
    EXPECT_EQ(metadata->scopes, ScopeSet::all());
    EXPECT_EQ(metadata->jwks, "");
}

TEST(ClientMetadata, IsReadInFull) {
    const auto metadata = read(R"("client_name":"Cursor","grant_types":["authorization_code","refresh_token"],
        "response_types":["code"],"token_endpoint_auth_method":"private_key_jwt","scope":"devices:contain",
        "application_type":"native","logo_uri":"https://x.example/","jwks":{"keys":[)" + std::string(kKey) + "]}");

    ASSERT_TRUE(metadata) << metadata.error()->message;
    EXPECT_EQ(metadata->name, "Cursor");
    EXPECT_THAT(metadata->grants, ElementsAre(GrantType::authorization_code, GrantType::refresh_token));
    EXPECT_EQ(metadata->auth_method, AuthMethod::private_key_jwt);
    EXPECT_EQ(metadata->scopes, ScopeSet{Scope::devices_contain});
    EXPECT_EQ(metadata->application_type, "native");
    EXPECT_EQ(metadata->jwks, R"({"keys":[)" + std::string(kKey) + "]}");
}

// VS Code asks for the device grant as well.
TEST(ClientMetadata, NarrowsGrantsAndScopesThatAreNotOnOffer) {
    const auto metadata = read(R"("grant_types":["authorization_code","urn:ietf:params:oauth:grant-type:device_code",
        "client_credentials"],"scope":"openid devices:contain offline_access","response_types":["code","token"])");

    ASSERT_TRUE(metadata);
    EXPECT_THAT(metadata->grants, ElementsAre(GrantType::authorization_code));
    EXPECT_EQ(metadata->scopes, ScopeSet{Scope::devices_contain});
}

class BadMetadata : public testing::TestWithParam<std::string> {};

TEST_P(BadMetadata, IsRefusedByName) { EXPECT_EQ(key_of(read(GetParam())), "invalid_client_metadata"); }

INSTANTIATE_TEST_SUITE_P(
    ClientMetadata, BadMetadata,
    testing::Values(R"("client_name":7)", R"("client_name":"a\u0000b")", R"("client_name":"a\u202eb")",
                    R"("client_name":")" + std::string(101, 'x') + "\"", R"("grant_types":["client_credentials"])",
                    R"("grant_types":[])", R"("grant_types":"authorization_code")", R"("grant_types":[1])",
                    R"("response_types":["token"])", R"("token_endpoint_auth_method":"tls_client_auth")",
                    R"("token_endpoint_auth_method":"private_key_jwt")",
                    R"("token_endpoint_auth_method":"private_key_jwt","jwks_uri":"https://x.example/jwks")",
                    R"("scope":"everything")", R"("scope":["devices:contain"])", R"("application_type":"desktop")",
                    R"("jwks":{"keys":[]})", R"("jwks":{})", R"("jwks":[])", R"("jwks":{"keys":[7]})",
                    R"("jwks":{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",)"
                    R"("d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}]})",
                    R"("jwks":{"keys":[{"kty":"oct","k":"secret"}]})", R"("jwks":{"keys":[{"kty":"RSA","e":"b"}]})",
                    R"("jwks":{"keys":[{"kty":"EC","crv":"P-521","x":"a","y":"b"}]})"));

TEST(ClientMetadata, NeedsARedirectUri) {
    for (const std::string_view text : {R"({})", R"({"redirect_uris":[]})", R"({"redirect_uris":null})"}) {
        const auto metadata = read_client_metadata(json::parse(text).value().as_object());
        EXPECT_EQ(key_of(metadata), "invalid_redirect_uri") << text;
    }
}

TEST(ClientMetadata, HasAtMostTwentyRedirectUris) {
    std::string list;
    for (int i = 0; i < 21; ++i) {
        list += (i > 0 ? "," : "") + std::string(R"("https://soar.example/cb")");
    }
    EXPECT_EQ(key_of(read_client_metadata(json::parse(R"({"redirect_uris":[)" + list + "]}").value().as_object())),
              "invalid_client_metadata");
}

}  // namespace
}  // namespace quell::identity
