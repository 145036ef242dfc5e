// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/network_names.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <optional>

namespace quell::config {
namespace {

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz0123456789";

Error must_be(std::string what) {
    return invalid_arguments("must be " + std::move(what));
}

bool is_lower_or_digit(char character) {
    return kLower.find(character) != std::string_view::npos;
}

std::optional<std::int64_t> parse_number(std::string_view digits) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool is_plain =
        !digits.empty() && digits[0] != '-' && (digits[0] != '0' || digits.size() == 1);
    if (!is_plain || error != std::errc() || end != digits.data() + digits.size())
        return std::nullopt;
    return number;
}

std::optional<std::uint16_t> parse_port(std::string_view digits) {
    const auto number = parse_number(digits);
    if (!number || *number < 1 || *number > 65535)
        return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(),
                       [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

// RFC 1123 2.1, lower case, so that a name is written in one way only. The number of labels; 0: no
// name.
std::size_t count_labels(std::string_view name) {
    if (name.size() > 253)
        return 0;
    std::size_t count = 0;
    while (true) {
        const std::size_t dot = name.find('.');
        if (!is_label(name.substr(0, dot)))
            return 0;
        ++count;
        if (dot == std::string_view::npos)
            return count;
        name.remove_prefix(dot + 1);
    }
}

bool is_address(std::string_view text, bool is_v6) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(std::string(text), error);
    return !error && address.is_v6() == is_v6;
}

// A name that ends in a number is an address to every resolver, if to nobody's eye (WHATWG
// URL 3.5).
bool ends_in_number(std::string_view name) {
    const std::string_view last = name.substr(name.rfind('.') + 1);
    return !last.empty() && last.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_host(std::string_view host) {
    return ends_in_number(host) ? is_address(host, false) : count_labels(host) > 0;
}

struct Parts {
    std::string_view host;
    std::string_view port;  // empty if none
};

// "host", "host:port", "[v6]", "[v6]:port"; the brackets are taken off.
std::optional<Parts> split(std::string_view text) {
    if (!text.starts_with('[')) {
        const std::size_t colon = text.find(':');
        if (colon == std::string_view::npos)
            return Parts{text, {}};
        return Parts{text.substr(0, colon), text.substr(colon + 1)};
    }
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || !is_address(text.substr(1, close - 1), true))
        return std::nullopt;
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && !rest.starts_with(':'))
        return std::nullopt;
    return Parts{text.substr(1, close - 1), rest.empty() ? rest : rest.substr(1)};
}

std::optional<Millis> parse_unit(std::string_view text) {
    if (text == "ms")
        return Millis(1);
    if (text == "s")
        return std::chrono::seconds(1);
    if (text == "m")
        return std::chrono::minutes(1);
    return std::nullopt;
}

bool is_host_of(const Parts& parts) {
    return parts.host.find(':') != std::string_view::npos || is_host(parts.host);
}

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view text) {
    const auto parts = split(text);
    const auto port = parts ? parse_port(parts->port) : std::nullopt;
    if (!port || !is_host_of(*parts))
        return must_be("host:port such as \"127.0.0.1:8443\"");
    return Endpoint{std::string(parts->host), *port};
}

Result<PublicUrl> parse_public_url(std::string_view text) {
    PublicUrl url;
    url.is_https = text.starts_with("https://");
    if (!url.is_https && !text.starts_with("http://"))
        return must_be("an https URL such as \"https://quell.example\"");
    if (text.ends_with('/'))
        text.remove_suffix(1);
    url.text = text;
    const std::string_view authority = text.substr(text.find("//") + 2);
    const auto parts = split(authority);
    const bool has_port = parts && !parts->port.empty();
    const auto port = has_port ? parse_port(parts->port) : std::nullopt;
    if (!parts || authority.ends_with(':') || !is_host_of(*parts) || (has_port && !port))
        return must_be("scheme, host and port only, such as \"https://quell.example\"");
    url.host = {std::string(parts->host), port.value_or(std::uint16_t{0})};
    if (!url.is_https && !is_loopback(url.host))
        return must_be("https; plain http is for a loopback host only");
    return url;
}

Result<void> check_egress_entry(std::string_view text) {
    const auto parts = split(text);
    if (!parts || !parse_port(parts->port))
        return must_be("host:port such as \"api.example.com:443\"");
    if (!parts->host.starts_with('*'))
        return is_host_of(*parts) ? Result<void>()
                                  : must_be("a lower-case host name or an address, then a port");
    const std::string_view rest = parts->host.substr(1);
    if (!rest.starts_with('.') || count_labels(rest.substr(1)) < 2 || ends_in_number(rest))
        return must_be(
            "narrower: a star stands for labels before a domain, as in \"*.example.com:443\"");
    return {};
}

Result<void> check_host_entry(std::string_view text) {
    if (check_egress_entry(std::string(text) + ":443"))
        return {};
    return must_be("a lower-case host such as \"soar.example\", or \"*.corp.example\" for all below it");
}

Result<Millis> parse_duration(std::string_view text) {
    const std::size_t unit_at = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parse_number(text.substr(0, unit_at));
    const auto unit = parse_unit(text.substr(unit_at));
    if (!number || !unit || *number > 1'000'000)
        return must_be("a duration such as \"500ms\", \"30s\" or \"2m\"");
    return *unit * *number;
}

bool is_plain_name(std::string_view text) {
    return !text.empty() && text.size() <= 64 && is_lower_or_digit(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return is_lower_or_digit(c) || c == '-' || c == '_'; });
}

}  // namespace quell::config
