// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

// The form of the messages between the host and a plugin's runner, on a SOCK_STREAM pair:
//
//   u32 big-endian  size of what follows
//   u8              type
//   u32 big-endian  size of the head
//   head            a JSON object; the members of each type stand beside FrameType
//   body            raw bytes
//
// Included by the host and by the runner, so it needs nothing but the standard library.
namespace quell::plugins {

enum class FrameType : std::uint8_t {
    hello = 1,      // runner: sandbox {...}, error? ; body = the plugin's manifest
    create,         // host: call, instance, deadline, request_id ; body = settings
    created,        // runner: call
    destroy,        // host: instance
    call,           // host: call, instance, capability, method, read_only, deadline, request_id ; body = request
    reply,          // runner: call, second? ; body = the JSON document
    reply_secret,   // runner: call, second? ; body = the secret
    fail,           // runner: call, second?, status, message, provider_code, retry_after_ms, http_status
    log,            // runner: call?, instance?, level, message, fields
    http_request,   // runner: call, method, url, headers [[name, value]], auth, idempotent, timeout_ms, max_bytes ; body
    http_response,  // host: call, status, headers ; body. Or: call, error {status, message, ...}
    cancel,         // host: call
    notify,         // runner: call?, instance ; body = an event (mcp_content-1.event.json)
};

inline constexpr std::size_t kPrefixSize = 9;
inline constexpr std::size_t kMaxHead = 64 * 1024;
inline constexpr std::size_t kMaxBody = 8 * 1024 * 1024;
inline constexpr std::size_t kMaxEvent = 64 * 1024;

struct FrameSizes {
    FrameType type{};
    std::size_t head = 0;
    std::size_t body = 0;
};

// A frame in a reader's buffer: valid until the next read.
struct Frame {
    FrameType type{};
    std::string_view head;
    std::string_view body;
};

using FramePrefix = std::array<std::uint8_t, kPrefixSize>;

inline void put_u32(std::uint8_t* out, std::size_t value) {
    out[0] = static_cast<std::uint8_t>(value >> 24);
    out[1] = static_cast<std::uint8_t>(value >> 16);
    out[2] = static_cast<std::uint8_t>(value >> 8);
    out[3] = static_cast<std::uint8_t>(value);
}

inline std::size_t get_u32(const std::uint8_t* in) {
    return std::size_t{in[0]} << 24 | std::size_t{in[1]} << 16 | std::size_t{in[2]} << 8 | std::size_t{in[3]};
}

inline FramePrefix encode_prefix(FrameType type, std::size_t head, std::size_t body) {
    FramePrefix prefix{};
    put_u32(prefix.data(), 5 + head + body);
    prefix[4] = static_cast<std::uint8_t>(type);
    put_u32(prefix.data() + 5, head);
    return prefix;
}

// Nothing if the sizes contradict each other or exceed the caps, or if the type is unknown.
inline std::optional<FrameSizes> decode_prefix(const std::uint8_t* prefix) {
    const std::size_t rest = get_u32(prefix);
    const std::size_t head = get_u32(prefix + 5);
    const std::uint8_t type = prefix[4];
    const bool known = type >= static_cast<std::uint8_t>(FrameType::hello) &&
                       type <= static_cast<std::uint8_t>(FrameType::notify);
    if (!known || head > kMaxHead || rest < 5 + head || rest - 5 - head > kMaxBody) {
        return std::nullopt;
    }
    return FrameSizes{static_cast<FrameType>(type), head, rest - 5 - head};
}

}  // namespace quell::plugins
