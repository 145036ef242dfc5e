// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/settings.hpp"

#include <boost/asio/ip/address.hpp>

namespace quell::config {

bool is_loopback(const Endpoint& endpoint) {
    if (endpoint.host == "localhost")
        return true;
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(endpoint.host, error);
    return !error && address.is_loopback();
}

std::string to_string(const Endpoint& endpoint) {
    const bool is_v6 = endpoint.host.find(':') != std::string::npos;
    return (is_v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" +
           std::to_string(endpoint.port);
}

std::string_view to_string(TrustRequirement requirement) {
    switch (requirement) {
        case TrustRequirement::sha256:
            return "sha256";
        case TrustRequirement::signature:
            return "signature";
        case TrustRequirement::both:
            break;
    }
    return "both";
}

std::string_view to_string(Isolation isolation) {
    return isolation == Isolation::process ? "process" : "in_process";
}

std::string_view to_string(Sandbox sandbox) {
    switch (sandbox) {
        case Sandbox::required:
            return "required";
        case Sandbox::best:
            return "best";
        case Sandbox::off:
            break;
    }
    return "off";
}

}  // namespace quell::config
