// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <quell/testing/fake_host.hpp>
#include <string>
#include <string_view>

namespace vault_secrets {

// In every value of these tests: it may be in the values of a secret document and nowhere else.
inline constexpr std::string_view kCanary = "canary-of-a-secret";
inline constexpr std::string_view kBackend = "secret_backend/1";

inline nlohmann::json kv_answer(const nlohmann::json& data, int version = 3, std::string_view deleted = "",
                                bool destroyed = false) {
    return {{"data",
             {{"data", data},
              {"metadata",
               {{"version", version},
                {"created_time", "2026-01-01T00:00:00Z"},
                {"deletion_time", deleted},
                {"destroyed", destroyed}}}}}};
}

inline std::string health(bool initialised, bool sealed, bool standby) {
    return nlohmann::json{{"initialized", initialised}, {"sealed", sealed}, {"standby", standby}}.dump();
}

// A request of write or rotate: the head with `fields` filled in, and the values.
inline std::string secret_document(nlohmann::json head, const std::map<std::string, std::string>& values) {
    std::string bytes;
    for (const auto& [name, value] : values) {
        head["fields"].push_back({{"name", name}, {"size", value.size()}});
        bytes += value;
    }
    return head.dump() + "\n" + bytes;
}

class VaultTest : public ::testing::Test {
  protected:
    VaultTest() {
        host_.add_canary(std::string(kCanary));
        configure("");
    }

    void TearDown() override { EXPECT_THAT(host_.problems(), ::testing::IsEmpty()); }

    void configure(const std::string& more) {
        plugin_ = host_.create(quell_plugin_entry,
                               R"({"base_url":"https://vault.example:8200","role_id":"r")" + more + "}");
    }

    quell::testing::Exchange& expect_read(const std::string& path = "secret/data/acme/crowdstrike") {
        return host_.expect("GET", "/v1/" + path);
    }
    quell::testing::Exchange& expect_health() { return host_.expect("GET", "/v1/sys/health"); }

    quell::testing::Answer call(std::string_view method, const nlohmann::json& request) {
        return plugin_->call(kBackend, method, request.dump());
    }
    quell::testing::Answer read(const std::string& path = "secret/acme/crowdstrike") {
        return call("read", {{"path", path}});
    }

    static std::string message(const quell::testing::Answer& answer) {
        return answer.error ? answer.error->message : "";
    }

    quell::testing::FakeHost host_;
    std::unique_ptr<quell::testing::PluginInstance> plugin_;
};

}  // namespace vault_secrets
