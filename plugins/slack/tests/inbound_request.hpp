// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/url.hpp>

#include "slack_test.hpp"

namespace slack {

// Requests as Slack sends them, or nearly so. `kNow` is when they arrive.
class SlackInbound : public SlackTest {
  protected:
    static constexpr std::int64_t kNow = 1'800'000'000;
    static constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

    static std::string sign(std::string_view stamp, std::string_view body, std::string_view secret = kSecret) {
        return "v0=" + quell::hex(quell::hmac_sha256(secret, "v0:" + std::string(stamp) + ":" + std::string(body)));
    }

    struct Headers {
        std::string stamp = std::to_string(kNow);
        std::string signature{};
        std::string content_type{kFormType};
    };

    nlohmann::json deliver(const std::string& body, const Headers& headers, std::string_view method = "POST") {
        const nlohmann::json request = {
            {"method", method},
            {"query", ""},
            {"headers",
             {{{"name", "Content-Type"}, {"value", headers.content_type}},
              {{"name", "X-Slack-Request-Timestamp"}, {"value", headers.stamp}},
              {{"name", "X-Slack-Signature"}, {"value", headers.signature}}}},
            {"body_base64", base64(body)},
            {"received_at", "2027-01-15T08:00:00.900Z"}};  // kNow
        return plugin_->call("inbound_event/1", "handle", request.dump()).reply;
    }

    nlohmann::json deliver(const std::string& body) {
        Headers headers;
        headers.signature = sign(headers.stamp, body);
        return deliver(body, headers);
    }

    static std::string form(const quell::QueryParameters& fields) { return quell::make_url("", "", fields).substr(1); }
    static std::string interaction(const nlohmann::json& payload) { return form({{"payload", payload.dump()}}); }

    static nlohmann::json press(std::string_view action, std::string_view value = kChallengeId) {
        return {{"type", "block_actions"},
                {"user", {{"id", "U01ALICE"}, {"username", "root"}}},
                {"team", {{"id", "T01CORP"}}},
                {"container", {{"channel_id", "D01ALICE"}, {"message_ts", "1700000000.000100"}}},
                {"state", {{"values", {{"context", {{"context", {{"value", "was asleep"}}}}},
                                       {"number", {{"number", {{"value", "47"}}}}},
                                       {"reason", {{"reason", {{"value", "INC-7"}}}}}}}}},
                {"actions", {{{"action_id", action}, {"value", value}}}}};
    }

    static int status(const nlohmann::json& reply) { return reply.at("response").at("status").get<int>(); }
    static bool did_nothing(const nlohmann::json& reply) { return reply.at("events").empty(); }

    static std::string base64(std::string_view bytes) {
        constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        std::string text;
        for (std::size_t at = 0; at < bytes.size(); at += 3) {
            std::uint32_t group = 0;
            for (std::size_t in = 0; in < 3; ++in)
                group = (group << 8U) | (at + in < bytes.size() ? static_cast<unsigned char>(bytes[at + in]) : 0U);
            for (std::size_t out = 0; out < 4; ++out)
                text += at + out > bytes.size() ? '=' : kLetters[(group >> (18U - 6U * static_cast<unsigned>(out))) & 63U];
        }
        return text;
    }
};

}  // namespace slack
