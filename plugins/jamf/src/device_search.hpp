// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <quell/call.hpp>
#include <quell/device.hpp>
#include <quell/result.hpp>
#include <string>
#include <vector>

#include "jamf_api.hpp"

namespace jamf {

// Finds devices in both inventories and compares every one with the value again. Changes nothing.
// Lives for one call.
class DeviceSearch {
  public:
    DeviceSearch(JamfApi& api, quell::Call& call) : api_(api), call_(call) {}

    // All devices that match, also those that cannot be commanded. More than 200 are refused, never
    // cut. Mobile devices are left out where the settings or `computers_only` say so.
    quell::Result<std::vector<ManagedDevice>> find(const quell::Lookup& lookup,
                                                   bool computers_only);

    quell::Result<std::optional<ManagedDevice>> by_management_id(const std::string& id);

  private:
    quell::Result<std::vector<ManagedDevice>> find_in(DeviceKind kind, const quell::Lookup& lookup);
    quell::Result<std::vector<ManagedDevice>> all_pages(DeviceKind kind, const std::string& filter);

    JamfApi& api_;
    quell::Call& call_;
};

// Why no lock can reach the device, by its name; nothing if one can.
std::optional<quell::Error> why_not_lockable(const ManagedDevice& device);

}  // namespace jamf
