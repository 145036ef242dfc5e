// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "device_search.hpp"

#include <algorithm>
#include <iterator>
#include <quell/text.hpp>
#include <utility>

namespace jamf {
namespace {

using quell::Result;
using Devices = std::vector<ManagedDevice>;

constexpr std::size_t kMostDevices = 200;
constexpr int kPageSize = 100;
constexpr std::size_t kLongestName = 64;

quell::Error too_many() {
    return quell::invalid_argument("More than " + std::to_string(kMostDevices) +
                                   " devices match. Use the serial number.");
}

// A management id or serial number names one device, so that nothing more can be found elsewhere.
bool is_unique(quell::LookupType type) {
    return type == quell::LookupType::serial_number ||
           type == quell::LookupType::provider_device_id;
}

// The name is text of the provider: what could pass for more than a name is not repeated.
std::string name_of(const ManagedDevice& device) {
    const std::string& name = device.device.hostname.value_or("");
    if (name.empty() || name.size() > kLongestName || quell::has_control_characters(name))
        return "The device " + device.device.provider_device_id;
    return "\"" + name + "\"";
}

quell::Error impossible(const ManagedDevice& device, std::string_view why) {
    return {quell::Status::unimplemented, name_of(device) + " " + std::string(why)};
}

}  // namespace

Result<Devices> DeviceSearch::all_pages(DeviceKind kind, const std::string& filter) {
    Devices devices;
    for (int page = 0;; ++page) {
        QUELL_TRY(InventoryPage found, api_.devices(call_, kind, filter, page, kPageSize));
        if (found.total > static_cast<std::int64_t>(kMostDevices))
            return too_many();
        const bool ended = found.devices.empty();
        std::move(found.devices.begin(), found.devices.end(), std::back_inserter(devices));
        if (static_cast<std::int64_t>(devices.size()) >= found.total)
            return devices;
        // A page that ends early must not pass for the whole: the target set would shrink unseen.
        if (ended)
            return quell::unavailable("Jamf Pro listed fewer devices than it counted.");
    }
}

Result<Devices> DeviceSearch::find_in(DeviceKind kind, const quell::Lookup& lookup) {
    QUELL_TRY(const std::string filter, device_filter(lookup, kind));
    QUELL_TRY(Devices devices, all_pages(kind, filter));
    std::erase_if(devices, [&lookup](const ManagedDevice& found) {
        return !matches(found.device, lookup);
    });
    return devices;
}

Result<Devices> DeviceSearch::find(const quell::Lookup& lookup, bool computers_only) {
    QUELL_TRY(Devices devices, find_in(DeviceKind::computer, lookup));
    const bool settled = is_unique(lookup.type) && !devices.empty();
    if (computers_only || settled || !api_.has_mobile_devices())
        return devices;
    QUELL_TRY(Devices mobile, find_in(DeviceKind::mobile_device, lookup));
    std::move(mobile.begin(), mobile.end(), std::back_inserter(devices));
    if (devices.size() > kMostDevices)
        return too_many();
    return devices;
}

Result<std::optional<ManagedDevice>> DeviceSearch::by_management_id(const std::string& id) {
    QUELL_TRY(Devices devices, find({quell::LookupType::provider_device_id, id}, false));
    if (devices.empty())
        return std::optional<ManagedDevice>{};
    return std::optional(std::move(devices.front()));
}

std::optional<quell::Error> why_not_lockable(const ManagedDevice& device) {
    if (!device.managed || device.device.provider_device_id.empty())
        return impossible(device,
                          "is not managed by Jamf Pro, so no lock can reach it. Enrol it again.");
    if (!device.mdm_capable)
        return impossible(device,
                          "takes no MDM commands (Jamf Pro shows MDM Capability: No), so it cannot "
                          "be locked. Renew its MDM profile.");
    if (device.type == "tvOS" || device.type == "appleTv")
        return impossible(device, "is an Apple TV, which has no lock.");
    return std::nullopt;
}

}  // namespace jamf
