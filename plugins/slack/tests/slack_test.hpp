// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <quell/hmac.hpp>
#include <quell/testing/fake_host.hpp>
#include <string>
#include <string_view>

namespace slack {

inline constexpr std::string_view kSecret = "canary-signing-secret";
// The provider's text must not reach a log, an error or a reply.
inline constexpr std::string_view kProviderText = "canary of the provider";
inline constexpr std::string_view kChallengeId = "0f8fad5b-d9cb-469f-a165-70867728950e";

inline std::string refusal(std::string_view error) {
    return nlohmann::json{{"ok", false}, {"error", error}, {"detail", kProviderText}}.dump();
}

class SlackTest : public ::testing::Test {
  protected:
    SlackTest() {
        host_.add_canary(std::string(kSecret));
        host_.add_canary(std::string(kProviderText));
        configure(R"({"signing_secret":"canary-signing-secret"})");
    }

    void TearDown() override { EXPECT_THAT(host_.problems(), ::testing::IsEmpty()); }

    void configure(std::string_view settings) { plugin_ = host_.create(quell_plugin_entry, settings); }

    static nlohmann::json user(std::string_view id = "U01ALICE", std::string_view email = "alice@corp.example") {
        return {{"id", id}, {"team_id", "T01CORP"}, {"deleted", false}, {"is_bot", false}, {"real_name", "Alice"},
                {"profile", {{"email", email}}}};
    }
    static std::string found(const nlohmann::json& one) { return nlohmann::json{{"ok", true}, {"user", one}}.dump(); }

    quell::testing::Exchange& expect_lookup(std::string_view email = "alice@corp.example") {
        return host_.expect("GET", "/api/users.lookupByEmail").with_query("email", std::string(email));
    }
    quell::testing::Exchange& expect_info(std::string_view id) {
        return host_.expect("GET", "/api/users.info").with_query("user", std::string(id));
    }
    // Asked once by an instance.
    void expect_own() {
        host_.expect("POST", "/api/auth.test")
            .reply(200, R"({"ok":true,"user_id":"U0BOT","team_id":"T01CORP","url":"https://corp.slack.com/"})");
    }
    void expect_conversation(std::string_view user = "U01ALICE") {
        host_.expect("POST", "/api/conversations.open")
            .with_body(nlohmann::json{{"users", user}}.dump())
            .reply(200, R"({"ok":true,"channel":{"id":"D01ALICE"}})");
    }
    quell::testing::Exchange& expect_post(std::string_view channel = "D01ALICE") {
        return host_.expect("POST", "/api/chat.postMessage")
            .with_body(nlohmann::json{{"channel", channel}}.dump())
            .reply(200, nlohmann::json{{"ok", true}, {"channel", channel}, {"ts", "1700000000.000100"}}.dump());
    }

    quell::testing::FakeHost host_;
    std::unique_ptr<quell::testing::PluginInstance> plugin_;
};

}  // namespace slack
