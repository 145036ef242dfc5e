// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <quell/device.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "device_lookup.hpp"

namespace jamf {

// A record of an inventory. Without a management id no command reaches the device.
struct ManagedDevice {
    quell::Device device;  // provider_device_id is the management id, empty if there is none
    DeviceKind kind = DeviceKind::computer;
    std::string type{};       // of a mobile device: iOS, tvOS, ...
    bool managed = true;      // what the record does not say is left to the server to judge
    bool mdm_capable = true;  // of a computer
};

struct InventoryPage {
    std::vector<ManagedDevice> devices;
    std::int64_t total = 0;
};

// A row of the command list.
struct MdmCommand {
    std::string uuid;
    std::string management_id;
    std::string type;
    std::string state;
    bool for_computer = true;
    std::string error_code{};
    std::optional<quell::Time> sent{};
};

struct CommandList {
    std::vector<MdmCommand> commands;
    std::optional<quell::Time> listed_at{};  // by the server's clock, if it says so
};

// What the current token may do.
struct Privileges {
    bool administrator = false;
    std::set<std::string> names;
};

// Nothing if the body is not what the contract says: then it is no success, whatever the status.
std::optional<InventoryPage> read_inventory(std::string_view body, DeviceKind kind);
std::optional<std::vector<MdmCommand>> read_commands(std::string_view body);
std::optional<Privileges> read_privileges(std::string_view body);

// The id of the one command that an order made.
std::optional<std::string> read_queued_command(std::string_view body);

}  // namespace jamf
