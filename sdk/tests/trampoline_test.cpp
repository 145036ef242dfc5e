// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quell/testing/fake_host.hpp>

namespace quell {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Trampoline : public ::testing::Test {
  protected:
    Trampoline() {
        host_.add_canary("secret-of-the-plugin");
        plugin_ = host_.create(quell_plugin_entry, R"({"mood":"good"})");
    }

    void TearDown() override { EXPECT_THAT(host_.problems(), IsEmpty()); }

    testing::Answer resolve(std::string_view wish) {
        return plugin_->call(
            "device_containment/1", "resolve",
            R"({"lookup":{"lookup_type":"hostname","value":")" + std::string(wish) + "\"}}");
    }

    testing::FakeHost host_;
    std::unique_ptr<testing::PluginInstance> plugin_;
};

// PL-02
TEST_F(Trampoline, TurnsAnExceptionIntoAnErrorWithoutItsText) {
    EXPECT_EQ(resolve("throw").status(), Status::internal);
    EXPECT_EQ(resolve("throw 7").status(), Status::internal);
    EXPECT_THAT(host_.log_lines(), ::testing::Contains(HasSubstr("runtime_error")));
}

// PL-02
TEST_F(Trampoline, TurnsAnExceptionInCreateIntoAnError) {
    EXPECT_EQ(host_.create(quell_plugin_entry, R"({"throw":true})"), nullptr);
    EXPECT_EQ(host_.create_error()->status, Status::internal);
}

TEST_F(Trampoline, RefusesSettingsThatTheAuthorRefuses) {
    EXPECT_EQ(host_.create(quell_plugin_entry, "{}"), nullptr);
    EXPECT_THAT(host_.create_error()->message, HasSubstr("`mood`"));
}

// PL-04
TEST_F(Trampoline, RepliesInUtf8WhateverThePluginGives) {
    EXPECT_EQ(resolve("not utf8").reply.at("devices")[0]["provider_device_id"], "\xEF\xBF\xBD");
}

TEST_F(Trampoline, CarriesAnHttpRequestAndItsAnswer) {
    host_.expect("POST", "/search").reply(200, "", {{"x-host", "alice"}});

    EXPECT_EQ(resolve("search").reply.at("devices")[0]["hostname"], "alice");

    const testing::SentRequest& sent = host_.requests().at(0);
    EXPECT_EQ(sent.auth, "default");
    EXPECT_TRUE(sent.idempotent);
    EXPECT_EQ(sent.headers.at(0).name, "X-A");
}

TEST_F(Trampoline, CarriesTheErrorOfAnHttpRequest) {
    host_.expect("POST", "/search")
        .fail(Error{Status::resource_exhausted, "slow down", "", 429, std::chrono::seconds{2}});

    const auto answer = resolve("search");

    EXPECT_EQ(answer.status(), Status::resource_exhausted);
    EXPECT_EQ(answer.error->message, "slow down");
    EXPECT_EQ(answer.error->http_status, 429);
    EXPECT_EQ(answer.error->retry_after, std::chrono::seconds(2));
}

TEST_F(Trampoline, WritesLogLinesWithFields) {
    host_.expect("POST", "/search").reply(200, "", {{"x-host", "alice"}});
    (void)resolve("log");

    EXPECT_EQ(host_.log_lines().at(0),
              R"(line {"request":"00000000-0000-4000-8000-000000000001","quote":"\""})");
}

TEST_F(Trampoline, EndsASleepAtTheDeadlineOrWhenCancelled) {
    EXPECT_EQ(resolve("sleep").status(), Status::deadline_exceeded);
    host_.cancel();
    EXPECT_EQ(resolve("sleep").status(), Status::cancelled);
}

TEST_F(Trampoline, WritesEachFormOfOutcome) {
    const auto answer = plugin_->call("device_containment/1", "apply",
                                      R"({"action":"lock_device","device_ids":["d-1"],"reason":"",
                                          "request_id":"","lock":{"pin":"123456"},"new":1})");

    const auto& outcomes = answer.reply.at("outcomes");
    EXPECT_EQ(outcomes[0], nlohmann::json::parse(R"({"provider_device_id":"d-1","state":"accepted",
        "continuation":"c","poll_after_ms":2000,
        "result_metadata":{"flag":true,"n":7,"list":["a"]}})"));
    EXPECT_EQ(outcomes[1], nlohmann::json::parse(R"({"provider_device_id":"d-2","state":"failed",
        "error":{"status":"resource_exhausted","message":"later","provider_code":"E1",
                 "http_status":429,"retry_after_ms":1500},"result_metadata":{}})"));
    EXPECT_EQ(outcomes[2], nlohmann::json::parse(R"({"provider_device_id":"d-3",
        "state":"confirmed","changed":false,"result_metadata":{}})"));
}

TEST_F(Trampoline, ReadsEachTargetOfAPoll) {
    const auto answer = plugin_->call("device_containment/1", "poll", R"({"action":"lock_device",
        "devices":[{"provider_device_id":"a","continuation":null,"since":"2026-01-01T00:00:00Z"},
                   {"provider_device_id":"b","continuation":"x","since":"2026-01-01T00:00:00Z"}]})");

    const auto& outcomes = answer.reply.at("outcomes");
    EXPECT_EQ(outcomes[0]["continuation"], "none 2026-01-01T00:00:00.000Z");
    EXPECT_EQ(outcomes[1]["continuation"], "x 2026-01-01T00:00:00.000Z");
}

TEST_F(Trampoline, ServesSessionRevocationToo) {
    const auto found = plugin_->call("session_revocation/1", "resolve", R"({"username":"alice"})");
    EXPECT_EQ(found.reply, nlohmann::json::parse(R"({"accounts":[{"provider_user_id":"u-1",
        "login":"alice","email":null,"status":null}]})"));

    const auto done = plugin_->call("session_revocation/1", "revoke",
                                    R"({"user_ids":["u-1"],"reason":"","request_id":""})");
    EXPECT_EQ(done.reply.at("outcomes")[0]["state"], "confirmed");
    EXPECT_EQ(done.reply.at("outcomes")[0]["outcome"], "revoked");
    EXPECT_EQ(done.reply.at("outcomes")[1]["state"], "failed");
    EXPECT_EQ(done.reply.at("outcomes")[1]["outcome"], "user_not_found");
}

// PL-04: abi.h rule 10 for requests.
TEST_F(Trampoline, RefusesRequestsThatAreNotOfTheirSchema) {
    const std::pair<std::string_view, std::string_view> requests[] = {
        {"resolve", ""},
        {"resolve", "[]"},
        {"resolve", "{}"},
        {"resolve", R"({"lookup":{"lookup_type":"hostname"}})"},
        {"resolve", R"({"lookup":{"lookup_type":"hostname","value":7}})"},
        {"resolve", R"({"lookup":{"lookup_type":"x","value":"a"}})"},
        {"resolve", R"({"lookup":{"lookup_type":"hostname","value":"a"},"action":"x"})"},
        {"resolve", "{\"lookup\":\"\xff\"}"},
        {"apply", R"({"action":"lock_device","device_ids":[]})"},
        {"apply", R"({"action":"lock_device","device_ids":[7]})"},
        {"apply", R"({"action":"lock_device","device_ids":["a"],"lock":{}})"},
        {"poll", R"({"action":"lock_device","devices":[{"provider_device_id":"a","since":"x"}]})"},
        {"poll", R"({"action":"lock_device","devices":[]})"}};
    for (const auto& [method, request] : requests)
        EXPECT_EQ(plugin_->call("device_containment/1", method, request).status(),
                  Status::invalid_argument)
            << request;
}

TEST(PluginEntry, AnswersNoTableToAnotherMajorVersion) {
    EXPECT_EQ(quell_plugin_entry(2, 0), nullptr);
    EXPECT_EQ(quell_plugin_entry(0, 0), nullptr);
    EXPECT_NE(quell_plugin_entry(1, 99), nullptr);
}

TEST(PluginEntry, OffersOnlyWhatTheClassDerivesFrom) {
    const quell_plugin* plugin = quell_plugin_entry(1, 0);

    EXPECT_NE(plugin->capability(detail::to_str("device_containment/1")), nullptr);
    EXPECT_EQ(plugin->capability(detail::to_str("health/1")), nullptr);
    EXPECT_EQ(plugin->capability(detail::to_str("device_containment/2")), nullptr);
    EXPECT_EQ(plugin->capability(detail::to_str("")), nullptr);
}

// abi.h rule 3: a host of the past has shorter tables.
TEST(PluginEntry, RefusesAHostWithoutTheServicesItNeeds) {
    const quell_plugin* plugin = quell_plugin_entry(1, 0);
    quell_host_api api{sizeof api, 1, 0, 0,
                       [](quell_host*, quell_str) -> const void* { return nullptr; }};
    quell_instance* instance = nullptr;

    EXPECT_EQ(plugin->create(nullptr, &api, nullptr, detail::to_str("{}"), &instance),
              QUELL_FAILED_PRECONDITION);
    api.size = 8;
    EXPECT_EQ(plugin->create(nullptr, &api, nullptr, detail::to_str("{}"), &instance),
              QUELL_FAILED_PRECONDITION);
}

}  // namespace
}  // namespace quell
