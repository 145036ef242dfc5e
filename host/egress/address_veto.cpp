// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/address_veto.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace quell::egress {
namespace {

enum class Kind { global, loopback, refused };

using V6 = std::array<std::uint8_t, 16>;

struct V4Block {
    std::uint32_t network;
    unsigned bits;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return a << 24U | b << 16U | c << 8U | d;
}

// IANA's special-purpose registry (RFC 6890), multicast, reserved, and Azure's host services.
constexpr V4Block kRefusedV4[] = {
    {v4(0, 0, 0, 0), 8},      {v4(10, 0, 0, 0), 8},      {v4(100, 64, 0, 0), 10},
    {v4(169, 254, 0, 0), 16}, {v4(172, 16, 0, 0), 12},   {v4(192, 0, 0, 0), 24},
    {v4(192, 0, 2, 0), 24},   {v4(192, 88, 99, 0), 24},  {v4(192, 168, 0, 0), 16},
    {v4(198, 18, 0, 0), 15},  {v4(198, 51, 100, 0), 24}, {v4(203, 0, 113, 0), 24},
    {v4(224, 0, 0, 0), 4},    {v4(240, 0, 0, 0), 4},     {v4(168, 63, 129, 16), 32},
};

bool is_in(std::uint32_t address, const V4Block& block) {
    return (address >> (32U - block.bits)) == (block.network >> (32U - block.bits));
}

Kind kind_of_v4(std::uint32_t address) {
    if (is_in(address, {v4(127, 0, 0, 0), 8})) {
        return Kind::loopback;
    }
    const bool refused = std::ranges::any_of(
        kRefusedV4, [&](const V4Block& block) { return is_in(address, block); });
    return refused ? Kind::refused : Kind::global;
}

std::uint32_t v4_at(const V6& address, std::size_t offset) {
    return v4(address[offset], address[offset + 1], address[offset + 2], address[offset + 3]);
}

bool starts_with(const V6& address, std::initializer_list<std::uint8_t> prefix) {
    return std::equal(prefix.begin(), prefix.end(), address.begin());
}

Kind kind_of_v6(const V6& address) {
    static constexpr V6 kLoopback = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    if (address == kLoopback) {
        return Kind::loopback;
    }
    if (starts_with(address,
                    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF})) {  // RFC 4291 2.5.5.2: mapped
        return kind_of_v4(v4_at(address, 12));
    }
    if (starts_with(address, {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0})) {  // RFC 6052: NAT64
        return kind_of_v4(v4_at(address, 12));
    }
    if (starts_with(address, {0x20, 0x02})) {  // RFC 3056: 6to4
        return kind_of_v4(v4_at(address, 2));
    }
    const bool special =
        starts_with(address, {0x20, 0x01, 0x0D, 0xB8}) ||             // RFC 3849: documentation
        (starts_with(address, {0x20, 0x01}) && address[2] < 0x02) ||  // RFC 2928: 2001::/23
        starts_with(address, {0x3F, 0xFF});                           // RFC 9637: documentation
    return (address[0] & 0xE0U) == 0x20 && !special ? Kind::global : Kind::refused;
}

bool permits(Reach reach, Kind kind) {
    switch (reach) {
        case Reach::public_only:
            return kind == Kind::global;
        case Reach::public_or_loopback:
            return kind == Kind::global || kind == Kind::loopback;
        case Reach::loopback_only:
            return kind == Kind::loopback;
    }
    return false;
}

Kind kind_of(std::string_view text) {
    const std::string terminated(text);
    in_addr v4_address{};
    if (inet_pton(AF_INET, terminated.c_str(), &v4_address) == 1) {
        return kind_of_v4(ntohl(v4_address.s_addr));
    }
    V6 bytes{};
    return inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1 ? kind_of_v6(bytes)
                                                                      : Kind::refused;
}

Kind kind_of(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &address, sizeof(in));
        return kind_of_v4(ntohl(in.sin_addr.s_addr));
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, &address, sizeof(in));
        V6 bytes{};
        std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
        return kind_of_v6(bytes);
    }
    return Kind::refused;
}

}  // namespace

bool is_within(Reach reach, const sockaddr& address) {
    return permits(reach, kind_of(address));
}

bool is_within(Reach reach, std::string_view address) {
    return permits(reach, kind_of(address));
}

bool names_loopback(std::string_view host) {
    return host == "localhost" || kind_of(host) == Kind::loopback;
}

}  // namespace quell::egress
