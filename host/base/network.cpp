// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/network.hpp"

#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <optional>

namespace quell {
namespace {

namespace ip = boost::asio::ip;

std::optional<ip::address> read_address(std::string_view text) {
    boost::system::error_code failure;
    const ip::address address = ip::make_address(text, failure);
    const bool scoped = !failure && address.is_v6() && address.to_v6().scope_id() != 0;
    return failure || scoped ? std::nullopt : std::optional(address);
}

ip::address_v6::bytes_type bytes_of(const ip::address& address) {
    return address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes()
                           : address.to_v6().to_bytes();
}

template <class Bytes>
bool same_prefix(const Bytes& a, const Bytes& b, unsigned bits) {
    for (unsigned i = 0; i < bits; ++i) {
        if (((a[i / 8] ^ b[i / 8]) >> (7 - i % 8) & 1) != 0) {
            return false;
        }
    }
    return true;
}

template <class Bytes>
bool is_start(const Bytes& bytes, unsigned prefix) {
    for (unsigned i = prefix; i < 128; ++i) {
        if ((bytes[i / 8] >> (7 - i % 8) & 1) != 0) {
            return false;
        }
    }
    return true;
}

}  // namespace

Result<Network> Network::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = read_address(text.substr(0, slash));
    unsigned length = address && address->is_v4() ? 32 : 128;
    bool good = address.has_value();
    if (good && slash != std::string_view::npos) {
        const unsigned most = length;
        const char* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data() + slash + 1, end, length);
        good = read.ec == std::errc() && read.ptr == end && length <= most;
    }
    const auto bytes = good ? bytes_of(*address) : ip::address_v6::bytes_type{};
    const unsigned prefix = good && address->is_v4() ? 96 + length : length;
    if (!good || !is_start(bytes, prefix)) {
        return invalid_arguments("`" + std::string(text) +
                                 "` is no IP address and no range such as 192.0.2.0/24 or 2001:db8::/32.");
    }
    Bytes start{};
    std::copy(bytes.begin(), bytes.end(), start.begin());
    return Network(std::string(text), start, prefix);
}

bool Network::contains(std::string_view address) const {
    const auto parsed = read_address(address);
    if (!parsed) {
        return false;
    }
    const auto bytes = bytes_of(*parsed);
    return same_prefix(bytes, start_, prefix_);
}

}  // namespace quell
