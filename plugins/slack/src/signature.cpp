// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "signature.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <quell/hmac.hpp>

namespace slack {
namespace {

constexpr std::int64_t kWindowSeconds = 300;

std::optional<std::int64_t> read_time_stamp(const std::string* header) {
    std::int64_t seconds = 0;
    if (header == nullptr || header->empty() || header->size() > 12 ||
        header->find_first_not_of("0123456789") != std::string::npos)
        return std::nullopt;
    std::from_chars(header->data(), header->data() + header->size(), seconds);
    return seconds;
}

quell::Error refused(std::string why) {
    return quell::Error{quell::Status::unauthenticated, std::move(why)};
}

}  // namespace

quell::Result<std::string> check_signature(const quell::InboundRequest& request, std::string_view signing_secret) {
    const std::string* given = request.header("X-Slack-Signature");
    const std::string* stamp = request.header("X-Slack-Request-Timestamp");
    const auto seconds = read_time_stamp(stamp);
    if (given == nullptr || !seconds)
        return refused("signature or time stamp is missing or stands twice");
    const auto now = std::chrono::floor<std::chrono::seconds>(request.received_at).time_since_epoch().count();
    if (std::abs(now - *seconds) > kWindowSeconds)
        return refused("the time stamp is more than five minutes off");
    const std::string expected = quell::hex(quell::hmac_sha256(signing_secret, "v0:" + *stamp + ":" + request.body));
    if (!quell::equal_in_constant_time("v0=" + expected, *given))
        return refused("the signature is another one");
    return expected;
}

}  // namespace slack
