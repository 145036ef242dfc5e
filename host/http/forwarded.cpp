// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/forwarded.hpp"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/asio/ip/address.hpp>

namespace quell::http {
namespace {

std::string_view trim(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\"");
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(" \t\"") - begin + 1);
}

// The parts between commas of all headers of that name, in order.
std::vector<std::string_view> elements(const Request& request, std::string_view name) {
    std::vector<std::string_view> found;
    for (const Header& header : request.headers) {
        if (!boost::algorithm::iequals(header.name, name)) {
            continue;
        }
        for (std::string_view rest = header.value; !rest.empty();) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            found.push_back(rest.substr(0, comma));
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    return found;
}

// RFC 7239 4: for=192.0.2.60;proto=http;by=203.0.113.43
std::string_view for_of(std::string_view element) {
    while (!element.empty()) {
        const std::size_t end = std::min(element.find(';'), element.size());
        const std::string_view pair = trim(element.substr(0, end));
        if (boost::algorithm::istarts_with(pair, "for=")) {
            return pair.substr(4);
        }
        element.remove_prefix(std::min(end + 1, element.size()));
    }
    return {};
}

// "192.0.2.1", "192.0.2.1:4711", "[2001:db8::1]:4711", "2001:db8::1"; empty for what is no address, or has a zone, which
// means something on one machine only (RFC 4007 6).
std::string address_of(std::string_view text) {
    text = trim(text);
    if (text.starts_with('[')) {
        text = text.substr(1, std::min(text.find(']'), text.size()) - 1);
    } else if (std::count(text.begin(), text.end(), ':') == 1) {
        text = text.substr(0, text.find(':'));
    }
    boost::system::error_code failure;
    const auto address = boost::asio::ip::make_address(text, failure);
    const bool is_scoped = !failure && address.is_v6() && address.to_v6().scope_id() != 0;
    return failure || is_scoped ? std::string() : address.to_string();
}

// Runs the handler with another peer; the copy lives as long as it runs.
Answer with_peer(const Handler& handler, Request request, std::string peer) {
    request.peer = peer;
    co_return co_await handler(request);
}

}  // namespace

bool ForwardedClients::is_proxy(std::string_view address) const {
    return std::any_of(proxies_.begin(), proxies_.end(), [&](const Network& one) { return one.contains(address); });
}

std::string ForwardedClients::client_of(const Request& request) const {
    std::string client(request.peer);
    std::vector<std::string_view> entries = elements(request, "X-Forwarded-For");
    std::vector<std::string_view> standard = elements(request, "Forwarded");
    if (!entries.empty() && !standard.empty()) {
        return client;
    }
    for (const std::string_view element : standard) {
        entries.push_back(for_of(element));
    }
    for (auto entry = entries.rbegin(); entry != entries.rend() && is_proxy(client); ++entry) {
        std::string address = address_of(*entry);
        if (address.empty()) {
            break;
        }
        client = std::move(address);
    }
    return client;
}

void ForwardedClients::apply(Router& router) const {
    if (proxies_.empty()) {
        return;
    }
    router.wrap_all([self = *this](Handler inner) -> Handler {
        return [self, inner = std::move(inner)](const Request& request) -> Answer {
            if (!self.is_proxy(request.peer)) {
                return inner(request);
            }
            return with_peer(inner, request, self.client_of(request));
        };
    });
}

}  // namespace quell::http
