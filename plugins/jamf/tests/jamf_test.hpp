// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <quell/testing/fake_host.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace jamf {

inline constexpr std::string_view kAlice = "aaaaaaaa-3f1e-4b3a-a5b3-ca0cd7430937";
inline constexpr std::string_view kOther = "bbbbbbbb-3f1e-4b3a-a5b3-ca0cd7430937";
inline constexpr std::string_view kCommand = "0f2b7a44-6c1d-4d0a-9a53-0a1f4f6d9a11";
inline constexpr std::string_view kOlderCommand = "1f2b7a44-6c1d-4d0a-9a53-0a1f4f6d9a11";
inline constexpr std::string_view kPin = "918273";
// The provider's text must not reach a log, an error or a reply.
inline constexpr std::string_view kProviderText = "canary-of-the-provider";

inline nlohmann::json computer(std::string_view id = kAlice,
                               std::string_view name = "alice-mac.corp.example",
                               std::string_view serial = "C02ALICE0001",
                               std::string_view email = "alice@corp.example") {
    return {{"id", "42"},
            {"general",
             {{"name", name},
              {"platform", "Mac"},
              {"managementId", id},
              {"remoteManagement", {{"managed", true}}},
              {"mdmCapable", {{"capable", true}}},
              {"lastContact", "2026-01-01T00:00:00.5Z"}}},
            {"hardware", {{"serialNumber", serial}}},
            {"userAndLocation", {{"email", email}}}};
}

inline nlohmann::json mobile_device(std::string_view id = kOther,
                                    std::string_view name = "alice-phone",
                                    std::string_view type = "iOS", bool managed = true) {
    return {{"mobileDeviceId", "7"},
            {"deviceType", type},
            {"general",
             {{"displayName", name},
              {"managementId", id},
              {"managed", managed},
              {"lastContactDate", "2026-01-01T00:00:00Z"}}},
            {"hardware", {{"serialNumber", "DNPALICE0001"}}},
            {"userAndLocation", {{"emailAddress", "alice@corp.example"}}}};
}

inline nlohmann::json command(std::string_view state, std::string_view uuid = kCommand,
                              std::string_view sent = "2026-01-01T00:00:01Z",
                              std::string_view id = kAlice, std::string_view type = "DEVICE_LOCK") {
    return {{"uuid", uuid},
            {"dateSent", sent},
            {"client", {{"managementId", id}, {"clientType", "COMPUTER"}}},
            {"commandType", type},
            {"commandState", state}};
}

inline std::string listed(const nlohmann::json& results, int total) {
    return nlohmann::json{{"totalCount", total}, {"results", results}}.dump();
}

template <class... Rows>
std::string page(const Rows&... rows) {
    nlohmann::json results = nlohmann::json::array();
    (results.push_back(rows), ...);
    return listed(results, static_cast<int>(sizeof...(rows)));
}

inline std::string refusal(int status) {
    return R"({"httpStatus":)" + std::to_string(status) +
           R"(,"errors":[{"code":"X","field":"","description":")" + std::string(kProviderText) +
           R"(","id":"0"}]})";
}

class JamfTest : public ::testing::Test {
  protected:
    JamfTest() {
        host_.add_canary(std::string(kProviderText));
        host_.add_canary(std::string(kPin));
        configure(kComputersOnly);
    }

    void TearDown() override { EXPECT_THAT(host_.problems(), ::testing::IsEmpty()); }

    static constexpr const char* kComputersOnly = R"(,"mobile_devices":false)";

    void configure(const std::string& more) {
        plugin_ = host_.create(
            quell_plugin_entry,
            R"({"base_url":"https://acme.jamf.example/","client_id":"x")" + more + "}");
    }

    quell::testing::Exchange& expect_inventory(int version = 4) {
        return host_.expect("GET", "/api/v" + std::to_string(version) + "/computers-inventory");
    }
    quell::testing::Exchange& expect_mobile_devices() {
        return host_.expect("GET", "/api/v2/mobile-devices/detail");
    }
    quell::testing::Exchange& expect_commands() {
        return host_.expect("GET", "/api/v2/mdm/commands");
    }
    quell::testing::Exchange& expect_lock() { return host_.expect("POST", "/api/v2/mdm/commands"); }

    quell::testing::Answer resolve(std::string_view type, const std::string& value,
                                   nlohmann::json changes = nlohmann::json::object()) {
        nlohmann::json request = {{"lookup", {{"lookup_type", type}, {"value", value}}}};
        request.update(changes);
        return plugin_->call("device_containment/1", "resolve", request.dump());
    }

    quell::testing::Answer apply(nlohmann::json changes = nlohmann::json::object()) {
        nlohmann::json request = {{"action", "lock_device"},
                                  {"device_ids", {kAlice}},
                                  {"reason", "stolen"},
                                  {"request_id", "r-1"},
                                  {"lock", {{"pin", kPin}}}};
        request.update(changes);
        return plugin_->call("device_containment/1", "apply", request.dump());
    }

    quell::testing::Answer poll(const nlohmann::json& continuation) {
        const nlohmann::json request = {{"action", "lock_device"},
                                        {"devices",
                                         {{{"provider_device_id", kAlice},
                                           {"continuation", continuation},
                                           {"since", "2026-01-01T00:00:00Z"}}}}};
        return plugin_->call("device_containment/1", "poll", request.dump());
    }

    static nlohmann::json outcome(const quell::testing::Answer& answer) {
        return answer.ok() ? answer.reply.at("outcomes").at(0) : nlohmann::json();
    }

    quell::testing::FakeHost host_;
    std::unique_ptr<quell::testing::PluginInstance> plugin_;
};

}  // namespace jamf
