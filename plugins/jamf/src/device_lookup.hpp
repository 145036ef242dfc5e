// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/device.hpp>
#include <quell/result.hpp>
#include <string>
#include <string_view>

namespace jamf {

// Jamf Pro keeps Macs and other Apple devices in two inventories with different field names.
enum class DeviceKind { computer, mobile_device };

// The RSQL filter of an inventory for a lookup. A value that could mean more than itself is refused
// with invalid_argument: `*` is a wildcard, also between quotes.
quell::Result<std::string> device_filter(const quell::Lookup& lookup, DeviceKind kind);

// True if the device is what was asked for; the server's matching is wider than equality.
bool matches(const quell::Device& device, const quell::Lookup& lookup);

// A management id or the uuid of a command, as it may stand in a filter without quotes.
bool is_uuid(std::string_view text);

}  // namespace jamf
