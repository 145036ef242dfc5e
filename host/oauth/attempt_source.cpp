// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/attempt_source.hpp"

#include <boost/asio/ip/address.hpp>

namespace quell::oauth {

namespace ip = boost::asio::ip;

std::string attempt_source(std::string_view peer) {
    boost::system::error_code failure;
    const ip::address address = ip::make_address(peer, failure);
    if (failure || !address.is_v6()) {
        return std::string(peer);
    }
    const ip::address_v6 full = address.to_v6();
    if (full.is_v4_mapped()) {
        return ip::make_address_v4(ip::v4_mapped, full).to_string();
    }
    auto bytes = full.to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), 0);
    return ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace quell::oauth
