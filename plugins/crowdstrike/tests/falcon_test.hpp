// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <quell/testing/fake_host.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crowdstrike {

inline constexpr std::string_view kAlice = "0123456789abcdef0123456789abcdef";
inline constexpr std::string_view kBob = "fedcba9876543210fedcba9876543210";
inline constexpr std::string_view kQuery = "/devices/queries/devices/v1";
inline constexpr std::string_view kDetails = "/devices/entities/devices/v2";
inline constexpr std::string_view kActions = "/devices/entities/devices-actions/v2";
inline constexpr std::string_view kOnlineState = "/devices/entities/online-state/v1";

// A provider's text must not reach a log, an error or a reply.
inline constexpr std::string_view kProviderText = "canary-of-the-provider";

struct Host {
    std::string_view id = kAlice;
    std::string_view status = "normal";
    std::string_view hostname = "alice-mac.corp.example";
    std::string_view serial = "C02ALICE0001";
};

inline std::string envelope(const std::string& resources, const std::string& errors = "",
                            const std::string& meta = "") {
    return R"({"meta":{"query_time":0.01,"trace_id":"t-1")" + meta + R"(},"errors":[)" + errors +
           R"(],"resources":[)" + resources + "]}";
}

inline std::string error_entry(int code, std::string_view id = "") {
    return R"({"code":)" + std::to_string(code) + R"(,"message":")" + std::string(kProviderText) +
           "\"" + (id.empty() ? "" : R"(,"id":")" + std::string(id) + "\"") + "}";
}

inline std::string in_quotes(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

// A page of ids; without a total (negative) it does not say how many there are.
inline std::string ids_found(const std::vector<std::string>& ids, int total) {
    std::string list;
    for (const std::string& id : ids)
        list += (list.empty() ? "" : ",") + in_quotes(id);
    const std::string said = total < 0 ? "" : R"(,"total":)" + std::to_string(total);
    return envelope(list, "", R"(,"pagination":{"offset":0,"limit":100)" + said + "}");
}

inline std::string ids_found(std::initializer_list<std::string_view> ids, int total) {
    return ids_found(std::vector<std::string>(ids.begin(), ids.end()), total);
}

// Ids of hosts with the numbers from `first` on.
inline std::vector<std::string> numbered(std::size_t first, std::size_t count) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::vector<std::string> ids;
    for (std::size_t number = first; number < first + count; ++number) {
        std::string id(32, 'a');
        for (std::size_t place = 0; place < 4; ++place)
            id[31 - place] = kDigits[(number >> (4 * place)) & 0xfU];
        ids.push_back(std::move(id));
    }
    return ids;
}

inline std::string online_states(std::string_view id, std::string_view state) {
    return envelope(R"({"id":)" + in_quotes(id) + R"(,"state":)" + in_quotes(state) + "}");
}

inline std::string records(std::initializer_list<Host> hosts) {
    std::string list;
    for (const Host& host : hosts)
        list += (list.empty() ? "" : ",") + (R"({"device_id":)" + in_quotes(host.id)) +
                R"(,"hostname":)" + in_quotes(host.hostname) + R"(,"serial_number":)" +
                in_quotes(host.serial) + R"(,"platform_name":"Mac","status":)" +
                in_quotes(host.status) + R"(,"last_seen":"2026-01-01T00:00:00Z"})";
    return envelope(list);
}

inline std::string taken(std::initializer_list<std::string_view> ids,
                         const std::string& errors = "") {
    std::string list;
    for (const std::string_view id : ids)
        list += (list.empty() ? "" : ",") + (R"({"id":)" + in_quotes(id)) + R"(,"path":"/x"})";
    return envelope(list, errors);
}

class FalconTest : public ::testing::Test {
  protected:
    FalconTest() {
        host_.add_canary(std::string(kProviderText));
        plugin_ = host_.create(quell_plugin_entry,
                               R"({"base_url":"https://api.falcon.example","client_id":"x"})");
    }

    void TearDown() override { EXPECT_THAT(host_.problems(), ::testing::IsEmpty()); }

    quell::testing::Exchange& expect_query() { return host_.expect("GET", std::string(kQuery)); }
    quell::testing::Exchange& expect_details() {
        return host_.expect("POST", std::string(kDetails));
    }
    quell::testing::Exchange& expect_action() {
        return host_.expect("POST", std::string(kActions));
    }

    quell::testing::Exchange& expect_online_state() {
        return host_.expect("GET", std::string(kOnlineState));
    }

    quell::testing::Answer resolve(std::string_view type, const std::string& value) {
        const nlohmann::json request = {{"lookup", {{"lookup_type", type}, {"value", value}}}};
        return plugin_->call("device_containment/1", "resolve", request.dump());
    }

    quell::testing::Answer apply(std::string_view action,
                                 const std::vector<std::string_view>& ids) {
        const nlohmann::json request = {
            {"action", action}, {"device_ids", ids}, {"reason", "malware"}, {"request_id", "r-1"}};
        return plugin_->call("device_containment/1", "apply", request.dump());
    }

    // The outcome for a host, or null.
    static nlohmann::json outcome(const quell::testing::Answer& answer, std::string_view id) {
        if (!answer.ok())
            return nullptr;
        for (const auto& entry : answer.reply.at("outcomes")) {
            if (entry["provider_device_id"] == id)
                return entry;
        }
        return nullptr;
    }

    quell::testing::Answer poll(std::string_view action, std::string_view id,
                                const nlohmann::json& continuation) {
        const nlohmann::json request = {{"action", action},
                                        {"devices",
                                         {{{"provider_device_id", id},
                                           {"continuation", continuation},
                                           {"since", "2026-01-01T00:00:00Z"}}}}};
        return plugin_->call("device_containment/1", "poll", request.dump());
    }

    quell::testing::FakeHost host_;
    std::unique_ptr<quell::testing::PluginInstance> plugin_;
};

}  // namespace crowdstrike
