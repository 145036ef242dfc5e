// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/serialize.hpp"

namespace quell::plugins::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

json::Object good() {
    return json::parse(R"({"id":"acme-edr","version":"1.2.3","vendor":"Acme","description":"An EDR","abi":1,
        "capabilities":{"device_containment/1":{"kind":"edr","actions":["network_contain"],
                                               "lookup_types":["hostname"],"max_batch":50},
                        "session_revocation/1":{"idempotent":true},"secret_backend/1":{}},
        "egress":["{settings.base_url}"],"read_only_posts":["/query"],"concurrency":"serial","max_concurrency":2,
        "settings":{"type":"object","properties":{"base_url":{"type":"string","description":"x"},
                    "region":{"enum":["eu","us"],"default":"eu"},
                    "token":{"type":"string","x-secret":true}},"required":["base_url","token"]}})")
        .value()
        .as_object();
}

std::string refusal(const json::Object& document) {
    const auto manifest = parse_manifest(json::serialize(document));
    return manifest ? "" : manifest.error()->message;
}

TEST(Manifest, IsReadIntoItsParts) {
    const auto manifest = parse_manifest(json::serialize(good()));

    ASSERT_TRUE(manifest) << manifest.error()->message;
    EXPECT_EQ(manifest->id, PluginId("acme-edr"));
    EXPECT_EQ(manifest->device_containment->max_batch, 50U);
    EXPECT_THAT(manifest->device_containment->actions, ElementsAre("network_contain"));
    EXPECT_EQ(manifest->device_containment->lock_pin_digits, 0);
    EXPECT_TRUE(manifest->session_revocation->idempotent);
    EXPECT_TRUE(manifest->serial);
    EXPECT_EQ(manifest->max_concurrency, 2U);
    EXPECT_THAT(manifest->settings.secrets(), ElementsAre("token"));
    EXPECT_TRUE(manifest->has("device_containment/1"));
    EXPECT_FALSE(manifest->has("health/1"));
}

TEST(Manifest, RefusesACapabilityThatDoesNotExist) {
    auto document = good();
    document["capabilities"].as_object()["device_contaiment/1"] = json::Object();
    EXPECT_THAT(refusal(document), HasSubstr("the nearest one is `device_containment`"));

    document = good();
    document["capabilities"].as_object()["health"] = json::Object();
    EXPECT_THAT(refusal(document), HasSubstr("`health` does not exist"));
}

// PL-06
TEST(Manifest, RefusesAnotherAbi) {
    auto document = good();
    document["abi"] = 2;
    EXPECT_THAT(refusal(document), HasSubstr("abi"));
}

TEST(Manifest, RefusesWhatItsSchemaDoesNotAllow) {
    for (const char* member : {"id", "version", "vendor", "capabilities"}) {
        auto document = good();
        document.erase(member);
        EXPECT_THAT(refusal(document), HasSubstr("the manifest is wrong")) << member;
        document[member] = 7;
        EXPECT_THAT(refusal(document), HasSubstr("the manifest is wrong")) << member;
    }
    auto document = good();
    document["id"] = "../escape";
    EXPECT_NE(refusal(document), "");
    EXPECT_NE(parse_manifest("not json").error()->message, "");
}

TEST(Manifest, RefusesASettingsSchemaThatCannotBeUsed) {
    auto document = good();
    document["settings"].as_object()["properties"].as_object()["x"] = {{"frobnicate", 1}};
    EXPECT_THAT(refusal(document), HasSubstr("settings schema is wrong"));

    document = good();
    document["settings"].as_object()["properties"].as_object()["deep"] = {
        {"type", "object"}, {"properties", {{"key", {{"type", "string"}, {"x-secret", true}}}}}};
    EXPECT_THAT(refusal(document), HasSubstr("x-secret"));
}

TEST(Manifest, MayAskForSecretSettingsAlone) {
    auto document = good();
    document["raw_secrets"] = {"token"};
    EXPECT_EQ(refusal(document), "");
    document["raw_secrets"] = {"base_url"};
    EXPECT_THAT(refusal(document), HasSubstr("no setting marked x-secret"));
}

class SettingsOf : public testing::Test {
  protected:
    std::vector<std::string> pointers(const json::Object& settings) {
        std::vector<std::string> found;
        for (const auto& problem : manifest_.settings.problems(settings)) {
            found.push_back(problem.pointer);
            messages_ += problem.message + "\n";
        }
        return found;
    }
    Manifest manifest_ = parse_manifest(json::serialize(good())).value();
    std::string messages_;
};

TEST_F(SettingsOf, APluginAreTakenWithASecretReference) {
    const json::Object settings = {{"base_url", "https://x"}, {"token", {{"env", "TOKEN"}}}};

    EXPECT_THAT(pointers(settings), testing::IsEmpty()) << messages_;
    const auto plain = manifest_.settings.plain(settings);
    ASSERT_TRUE(plain);
    EXPECT_EQ(json::canonical(*plain), R"({"base_url":"https://x","region":"eu"})");
}

// PL-08
TEST_F(SettingsOf, APluginAreRefusedWithPlaceAndRemedy) {
    EXPECT_THAT(pointers({{"base_url", "https://x"}, {"token", "literal"}}), ElementsAre("/token"));
    EXPECT_THAT(messages_, HasSubstr("write where it lies"));
    EXPECT_THAT(messages_, testing::Not(HasSubstr("literal")));
    EXPECT_THAT(pointers({{"base_url", {{"env", "X"}}}, {"token", {{"env", "TOKEN"}}}}), ElementsAre("/base_url"));
    EXPECT_THAT(pointers({{"base_url", "x"}, {"token", {{"env", "T"}}}, {"region", "asia"}}), ElementsAre("/region"));
    EXPECT_THAT(messages_, HasSubstr("eu"));
    EXPECT_THAT(pointers({{"base_url", "x"}, {"token", {{"env", "T"}}}, {"regoin", "eu"}}), ElementsAre("/regoin"));
    EXPECT_THAT(messages_, HasSubstr("`region`"));
    EXPECT_THAT(pointers({{"base_url", "x"}}), testing::SizeIs(1));
    EXPECT_THAT(messages_, HasSubstr("token"));
}

}  // namespace
}  // namespace quell::plugins::test
