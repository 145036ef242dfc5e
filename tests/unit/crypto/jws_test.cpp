// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "crypto/jws.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/encoding.hpp"
#include "crypto/jose.hpp"
#include "json/parse.hpp"
#include "json/serialize.hpp"

namespace quell::crypto {
namespace {

constexpr std::string_view kRfc8037Key = R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
constexpr std::string_view kRfc8037Jws =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

std::string set_of(std::string_view key) {
    return R"({"keys":[)" + std::string(key) + "]}";
}

KeySet keys(std::string_view key) {
    return KeySet::parse(set_of(key)).value();
}

bool accepts(std::string_view key_set, std::string_view compact) {
    const auto set = KeySet::parse(key_set);
    const auto jws = Jws::parse(compact);
    return set && jws && jws->is_signed_by(*set);
}

std::string with_header(std::string_view header) {
    return to_base64url(header) + std::string(kRfc8037Jws.substr(kRfc8037Jws.find('.')));
}

// RFC 8037 A.4 and A.5
TEST(Jws, ChecksEd25519) {
    const auto jws = Jws::parse(kRfc8037Jws);

    ASSERT_TRUE(jws);
    EXPECT_EQ(jws->payload(), "Example of Ed25519 signing");
    EXPECT_TRUE(jws->is_signed_by(keys(kRfc8037Key)));
    EXPECT_FALSE(jws->is_signed_by(keys(json::serialize(PrivateKey::generate_p256().public_jwk("")))));
}

TEST(Jws, ChecksWhatOurOwnKeysSign) {
    const PrivateKey key = PrivateKey::generate_p256();
    const std::string set = set_of(json::serialize(key.public_jwk("k1")));

    EXPECT_TRUE(accepts(set, key.sign_jwt("k1", {{"iss", "c"}})));
    EXPECT_TRUE(accepts(set, key.sign_jwt("", {{"iss", "c"}})));
    EXPECT_FALSE(accepts(set, key.sign_jwt("k2", {{"iss", "c"}})));
    EXPECT_FALSE(accepts(set, PrivateKey::generate_p256().sign_jwt("k1", {{"iss", "c"}})));
}

TEST(Jws, TakesTheAlgorithmFromTheKey) {
    for (const std::string_view header : {R"({"alg":"none"})", R"({"alg":"HS256"})", R"({"alg":"ES256"})",
                                          R"({"alg":"eddsa"})", R"({"alg":""})"}) {
        EXPECT_FALSE(accepts(set_of(kRfc8037Key), with_header(header))) << header;
    }
    EXPECT_FALSE(accepts(set_of(kRfc8037Key), "eyJhbGciOiJub25lIn0.e30."));
    const std::string narrowed = std::string(kRfc8037Key.substr(0, kRfc8037Key.size() - 1)) + R"(,"alg":"Ed25519"})";
    EXPECT_FALSE(accepts(set_of(narrowed), kRfc8037Jws));
}

TEST(Jws, RefusesWhatIsNotOfTheCompactForm) {
    std::string with_tail(kRfc8037Jws);
    with_tail += '=';
    std::string with_fourth_part(kRfc8037Jws);
    with_fourth_part += ".x";
    std::string too_long(20'000, 'A');
    too_long += ".e30.e30";
    for (const std::string& text :
         {std::string(), std::string("a.b"), std::string("..."), with_tail, with_fourth_part, too_long,
          with_header("[]"), with_header("{}"), with_header(R"({"alg":1})"), with_header("not JSON"),
          with_header(R"({"alg":"EdDSA","crit":["b64"],"b64":false})"),
          with_header(R"({"alg":"EdDSA","alg":"EdDSA"})")}) {
        EXPECT_FALSE(Jws::parse(text)) << text.substr(0, 60);
    }
}

TEST(KeySet, RefusesASetWithOneKeyThatCannotBeUsed) {
    for (const std::string_view other :
         {R"({"kty":"oct","k":"c2VjcmV0"})", R"({"kty":"EC","crv":"P-384","x":"AA","y":"AA"})",
          R"({"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
          R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"AA"})",
          R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","use":"enc"})",
          R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","alg":"none"})",
          R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","key_ops":["sign"]})",
          R"({"kty":"OKP","crv":"Ed25519","x":"c2hvcnQ"})", R"({"kty":"RSA"})", "{}", "1"}) {
        const auto set = KeySet::parse(R"({"keys":[)" + std::string(kRfc8037Key) + "," + std::string(other) + "]}");
        EXPECT_FALSE(set) << other;
    }
    const std::string named = std::string(kRfc8037Key.substr(0, kRfc8037Key.size() - 1)) + R"(,"kid":"a"})";
    EXPECT_FALSE(KeySet::parse(R"({"keys":[)" + named + "," + named + "]}"));
    for (const std::string_view text : {"", "[]", "{}", R"({"keys":[]})", R"({"keys":{}})"}) {
        EXPECT_FALSE(KeySet::parse(text)) << text;
    }
}

json::Object vectors(const std::string& name) {
    const char* folder = std::getenv("QUELL_CONTRACTS");
    std::ifstream file(std::filesystem::path(folder ? folder : "../shared/contracts") / "jose" / name);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto document = json::parse(text, {.bytes = std::size_t{8} << 20, .depth = 32, .values = 1'000'000});
    return document && document->is_object() ? document->get_object() : json::Object();
}

// By the message itself: two vectors use another algorithm than their key is for.
bool is_supported(std::string_view compact) {
    const auto header = json::parse(*from_base64url(compact.substr(0, compact.find('.'))));
    return std::ranges::find(kVerifyAlgorithms, json::text(header->at("alg"))) != kVerifyAlgorithms.end();
}

// The published vectors of Wycheproof: nothing invalid passes, and all that is valid by an algorithm of ours does.
TEST(Jws, AgreesWithThePublishedVectors) {
    const json::Object document = vectors("json_web_signature_test.json");
    if (document.empty()) {
        GTEST_SKIP() << "QUELL_CONTRACTS names no folder with jose/";
    }
    int valid = 0;
    int invalid = 0;
    for (const json::Value& group : document.at("testGroups").as_array()) {
        const json::Value* key = group.as_object().if_contains("public");
        if (key == nullptr) {
            continue;  // a shared secret, which no key set may hold
        }
        const std::string set = set_of(json::serialize(*key));
        for (const json::Value& test : group.as_object().at("tests").as_array()) {
            const bool wanted = test.at("result") == "valid" && is_supported(json::text(test.at("jws")));
            EXPECT_EQ(accepts(set, json::text(test.at("jws"))), wanted) << json::serialize(test);
            ++(wanted ? valid : invalid);
        }
    }
    EXPECT_GT(valid, 15);
    EXPECT_GT(invalid, 300);
}

TEST(KeySet, AgreesWithThePublishedVectors) {
    const json::Object document = vectors("json_web_key_test.json");
    if (document.empty()) {
        GTEST_SKIP() << "QUELL_CONTRACTS names no folder with jose/";
    }
    int seen = 0;
    for (const json::Value& group : document.at("testGroups").as_array()) {
        const json::Object& members = group.as_object();
        const json::Value* set = members.if_contains("public");
        for (const json::Value& test : members.at("tests").as_array()) {
            // Sets without a public half are of shared secrets: refused as a whole.
            const bool wanted = set != nullptr && test.at("result") == "valid";
            const std::string text = json::serialize(set ? *set : members.at("private"));
            EXPECT_EQ(accepts(text, json::text(test.at("jws"))), wanted) << members.at("comment");
            ++seen;
        }
    }
    EXPECT_EQ(seen, 26);
}

}  // namespace
}  // namespace quell::crypto
