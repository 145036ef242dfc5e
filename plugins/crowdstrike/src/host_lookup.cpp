// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "host_lookup.hpp"

#include <quell/text.hpp>
#include <string_view>

namespace crowdstrike {
namespace {

constexpr std::size_t kLongestValue = 255;

quell::Error refused(std::string_view what) {
    return quell::invalid_argument("This is not a " + std::string(what) +
                                   ": wildcards, quotes, backslashes and control characters are "
                                   "not allowed. Give the exact value.");
}

// Host names (RFC 1123, NetBIOS) and serial numbers hold none of these.
bool is_plain(std::string_view value, std::string_view forbidden) {
    return !value.empty() && value.size() <= kLongestValue &&
           !quell::has_control_characters(value) &&
           value.find_first_of(forbidden) == std::string_view::npos;
}

bool same(const std::optional<std::string>& found, std::string_view asked) {
    return found && quell::equal_ignoring_case(*found, asked);
}

}  // namespace

quell::Result<std::string> host_filter(const quell::Lookup& lookup) {
    const bool by_name = lookup.type == quell::LookupType::hostname;
    // A Mac's host name may hold an apostrophe, which is escaped below; a serial number may not.
    if (!is_plain(lookup.value, by_name ? "*?\"\\" : "*?\"\\'"))
        return refused(by_name ? "host name" : "serial number");
    return std::string(by_name ? "hostname" : "serial_number") + ":'" +
           quell::backslash_escaped(lookup.value, "'") + "'";
}

bool matches(const quell::Device& host, const quell::Lookup& lookup) {
    switch (lookup.type) {
        case quell::LookupType::hostname:
            return same(host.hostname, lookup.value);
        case quell::LookupType::serial_number:
            return same(host.serial_number, lookup.value);
        case quell::LookupType::provider_device_id:
            return quell::equal_ignoring_case(host.provider_device_id, lookup.value);
        case quell::LookupType::user_email:
            return false;
    }
    return false;
}

}  // namespace crowdstrike
