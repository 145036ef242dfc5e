// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/random.hpp"

#include <sys/random.h>

#include <array>
#include <cstdlib>

#include "base/clock.hpp"
#include "base/encoding.hpp"

namespace quell {
namespace {

using Uuid = std::array<std::uint8_t, 16>;

std::string format_uuid(Uuid bytes, unsigned version) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | version << 4U);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
    std::string text(36, '-');
    std::size_t at = 0;
    for (const std::uint8_t byte : bytes) {
        at += at == 8 || at == 13 || at == 18 || at == 23 ? 1 : 0;
        text[at++] = kHex[byte >> 4U];
        text[at++] = kHex[byte & 15U];
    }
    return text;
}

// For ids that must differ but are no secret: one system call serves many of them.
void fill_from_pool(std::span<std::uint8_t> out) {
    thread_local std::array<std::uint8_t, 512> pool;
    thread_local std::size_t left = 0;
    if (left < out.size()) {
        fill_random(pool);
        left = pool.size();
    }
    left -= out.size();
    std::copy_n(pool.begin() + static_cast<std::ptrdiff_t>(left), out.size(), out.begin());
}

}  // namespace

void fill_random(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const ssize_t got = getrandom(out.data(), out.size(), 0);
        if (got < 0) {
            std::abort();
        }
        out = out.subspan(static_cast<std::size_t>(got));
    }
}

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    fill_random({reinterpret_cast<std::uint8_t*>(out.data()), out.size()});
    return out;
}

std::string random_token() {
    return to_base64url(random_bytes(32));
}

std::string uuid_v4() {
    Uuid bytes;
    fill_random(bytes);
    return format_uuid(bytes, 4);
}

std::string uuid_v7() {
    Uuid bytes;
    fill_from_pool(bytes);
    const auto millis = static_cast<std::uint64_t>(unix_millis(wall_now()));
    for (unsigned i = 0; i < 6; ++i) {
        bytes[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
    }
    return format_uuid(bytes, 7);
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (dash ? c != '-' : !hex) {
            return false;
        }
    }
    return true;
}

}  // namespace quell
