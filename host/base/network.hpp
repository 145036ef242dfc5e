// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace quell {

// A range of IP addresses: "192.0.2.0/24", "2001:db8::/32", or one address. Immutable value. An IPv4 address that
// comes in its IPv6 form (::ffff:192.0.2.1) counts as the IPv4 address.
class Network {
  public:
    // invalid_arguments for anything else, also where bits beyond the prefix are set: "10.0.0.1/8" is a mistake.
    static Result<Network> parse(std::string_view text);

    bool contains(std::string_view address) const;
    const std::string& text() const { return text_; }
    bool operator==(const Network&) const = default;

  private:
    using Bytes = std::array<std::uint8_t, 16>;  // IPv4 in its IPv6 form

    Network(std::string text, const Bytes& start, unsigned prefix)
        : text_(std::move(text)), start_(start), prefix_(prefix) {}

    std::string text_;
    Bytes start_;
    unsigned prefix_;
};

}  // namespace quell
