// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <quell/testing/fake_host.hpp>
#include <string>
#include <string_view>

namespace okta_sessions {

inline constexpr std::string_view kAlice = "00u1alice00000000001";
inline constexpr std::string_view kOther = "00u1other00000000001";
// The provider's text must not reach a log, an error or a reply.
inline constexpr std::string_view kProviderText = "canary of the provider";

inline nlohmann::json user(std::string_view id = kAlice,
                           std::string_view login = "alice@corp.example",
                           std::string_view email = "alice@corp.example",
                           std::string_view status = "ACTIVE") {
    return {{"id", id}, {"status", status}, {"profile", {{"login", login}, {"email", email}}}};
}

template <class... Users>
std::string users(const Users&... found) {
    nlohmann::json list = nlohmann::json::array();
    (list.push_back(found), ...);
    return list.dump();
}

inline std::string refusal(std::string_view code) {
    return nlohmann::json{{"errorCode", code},
                          {"errorSummary", kProviderText},
                          {"errorId", "oaeX1-y"},
                          {"errorCauses", nlohmann::json::array()}}
        .dump();
}

class OktaTest : public ::testing::Test {
  protected:
    OktaTest() {
        host_.add_canary(std::string(kProviderText));
        configure("");
    }

    void TearDown() override { EXPECT_THAT(host_.problems(), ::testing::IsEmpty()); }

    void configure(const std::string& more) {
        plugin_ =
            host_.create(quell_plugin_entry,
                         R"({"base_url":"https://acme.okta.example","client_id":"x")" + more + "}");
    }

    quell::testing::Exchange& expect_fetch(const std::string& encoded) {
        return host_.expect("GET", "/api/v1/users/" + encoded);
    }
    quell::testing::Exchange& expect_search() { return host_.expect("GET", "/api/v1/users"); }
    quell::testing::Exchange& expect_revocation() {
        return host_.expect("DELETE", "/api/v1/users/" + std::string(kAlice) + "/sessions");
    }

    quell::testing::Answer resolve(const std::string& username) {
        return plugin_->call("session_revocation/1", "resolve",
                             nlohmann::json{{"username", username}}.dump());
    }

    quell::testing::Answer revoke(std::string_view id = kAlice) {
        const nlohmann::json request = {
            {"user_ids", {id}}, {"reason", "phished"}, {"request_id", "r-1"}};
        return plugin_->call("session_revocation/1", "revoke", request.dump());
    }

    static nlohmann::json outcome(const quell::testing::Answer& answer) {
        return answer.ok() ? answer.reply.at("outcomes").at(0) : nlohmann::json();
    }

    quell::testing::FakeHost host_;
    std::unique_ptr<quell::testing::PluginInstance> plugin_;
};

}  // namespace okta_sessions
