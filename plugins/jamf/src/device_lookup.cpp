// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "device_lookup.hpp"

#include <algorithm>
#include <quell/text.hpp>

namespace jamf {
namespace {

constexpr std::size_t kLongestValue = 255;

bool is_plain(std::string_view value, std::string_view forbidden) {
    return !value.empty() && value.size() <= kLongestValue &&
           !quell::has_control_characters(value) &&
           value.find_first_of(forbidden) == std::string_view::npos;
}

bool is_email(std::string_view value) {
    return is_plain(value, "*\"\\ ,;()<>") && std::count(value.begin(), value.end(), '@') == 1 &&
           value.front() != '@' && value.back() != '@';
}

std::string_view field_of(quell::LookupType type, DeviceKind kind) {
    const bool computer = kind == DeviceKind::computer;
    switch (type) {
        case quell::LookupType::hostname:
            return computer ? "general.name" : "displayName";
        case quell::LookupType::serial_number:
            return computer ? "hardware.serialNumber" : "serialNumber";
        case quell::LookupType::user_email:
            return computer ? "userAndLocation.email" : "emailAddress";
        case quell::LookupType::provider_device_id:
            return computer ? "general.managementId" : "managementId";
    }
    return "";
}

quell::Error refused(std::string_view what) {
    return quell::invalid_argument("This is not " + std::string(what) +
                                   ": wildcards and control characters are not allowed. Give the "
                                   "exact value.");
}

std::optional<quell::Error> mistake_in(const quell::Lookup& lookup) {
    switch (lookup.type) {
        case quell::LookupType::hostname:
            // Names hold quotes and apostrophes: 13" MacBook.
            if (!is_plain(lookup.value, "*"))
                return refused("a device's name");
            break;
        case quell::LookupType::serial_number:
            if (!is_plain(lookup.value, "*\"'\\"))
                return refused("a serial number");
            break;
        case quell::LookupType::user_email:
            if (!is_email(lookup.value))
                return refused("an e-mail address");
            break;
        case quell::LookupType::provider_device_id:
            if (!is_uuid(lookup.value))
                return quell::invalid_argument("A Jamf management id is a UUID.");
            break;
    }
    return std::nullopt;
}

bool same(const std::optional<std::string>& found, std::string_view asked) {
    return found && quell::equal_ignoring_case(*found, asked);
}

}  // namespace

bool is_uuid(std::string_view text) {
    constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    return std::equal(
        text.begin(), text.end(), kForm.begin(), kForm.end(), [](char letter, char form) {
            return form == '-' ? letter == '-' : quell::is_hex(std::string_view(&letter, 1));
        });
}

quell::Result<std::string> device_filter(const quell::Lookup& lookup, DeviceKind kind) {
    if (auto mistake = mistake_in(lookup))
        return *std::move(mistake);
    return std::string(field_of(lookup.type, kind)) + "==\"" +
           quell::backslash_escaped(lookup.value, "\"") + "\"";
}

bool matches(const quell::Device& device, const quell::Lookup& lookup) {
    switch (lookup.type) {
        case quell::LookupType::hostname:
            return same(device.hostname, lookup.value);
        case quell::LookupType::serial_number:
            return same(device.serial_number, lookup.value);
        case quell::LookupType::user_email:
            return same(device.user_email, lookup.value);
        case quell::LookupType::provider_device_id:
            return quell::equal_ignoring_case(device.provider_device_id, lookup.value);
    }
    return false;
}

}  // namespace jamf
