// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "lock_commands.hpp"

#include <chrono>
#include <quell/text.hpp>
#include <utility>

#include "device_lookup.hpp"

namespace jamf {
namespace {

using quell::Result;

constexpr std::chrono::milliseconds kClockSkew = std::chrono::minutes{1};
constexpr std::string_view kLock = "DEVICE_LOCK";

bool is_lock_of(const MdmCommand& command, const std::string& management_id) {
    return command.type == kLock && is_uuid(command.uuid) &&
           quell::equal_ignoring_case(command.management_id, management_id);
}

quell::Error refused_by_device(const MdmCommand& command) {
    quell::Error error{quell::Status::unknown, "The device refused the lock command."};
    error.provider_code = command.error_code;
    return error;
}

}  // namespace

Result<std::optional<MdmCommand>> LockCommands::by_id(const std::string& id,
                                                      const std::string& management_id) const {
    if (!is_uuid(id))
        return std::optional<MdmCommand>{};
    QUELL_TRY(const auto found, api_.commands(call_, "uuid==" + id));
    for (const MdmCommand& command : found.commands) {
        if (is_lock_of(command, management_id))
            return std::optional(command);
    }
    return std::optional<MdmCommand>{};
}

Result<std::optional<MdmCommand>> LockCommands::newest(const std::string& management_id,
                                                       quell::Time since) const {
    QUELL_TRY(const auto found, api_.commands(call_, "clientManagementId==" + management_id +
                                                         ";command==" + std::string(kLock)));
    if (found.listed_at)
        since += *found.listed_at - call_.clock().now();
    std::optional<MdmCommand> newest;
    for (const MdmCommand& command : found.commands) {
        if (!is_lock_of(command, management_id) || !command.sent ||
            *command.sent < since - kClockSkew)
            continue;
        if (!newest || *newest->sent < *command.sent)
            newest = command;
    }
    return newest;
}

quell::DeviceOutcome LockCommands::outcome(const MdmCommand& command) {
    quell::DeviceOutcome outcome = [&command] {
        if (command.state == "ACKNOWLEDGED")
            return quell::confirmed(command.management_id, true);
        if (command.state == "ERROR" || command.state == "COMMAND_FORMAT_ERROR")
            return quell::failed(command.management_id, refused_by_device(command));
        // PENDING, NOT_NOW (the device will try again), and states of the future.
        return quell::accepted(command.management_id, command.uuid);
    }();
    outcome.metadata = {{"command_uuid", command.uuid}, {"command_state", command.state}};
    if (!command.for_computer)
        outcome.metadata.push_back(kNoPin);
    return outcome;
}

}  // namespace jamf
