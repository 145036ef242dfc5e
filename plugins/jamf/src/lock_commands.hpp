// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <quell/call.hpp>
#include <quell/device.hpp>
#include <quell/result.hpp>
#include <string>

#include "jamf_api.hpp"

namespace jamf {

// Reads DEVICE_LOCK commands back. Changes nothing. Lives for one call.
class LockCommands {
  public:
    LockCommands(JamfApi& api, quell::Call& call) : api_(api), call_(call) {}

    // The command by the id that Jamf Pro gave for it. Nothing if that id finds no lock of this
    // device: Jamf's document does not promise that it is the uuid of the filter.
    quell::Result<std::optional<MdmCommand>> by_id(const std::string& id,
                                                   const std::string& management_id) const;

    // The newest lock of the device since then. The server's clock stamps the command and ours
    // the order: `since` is moved by what lies between them, if the server tells its time, and a
    // command up to a minute older counts as newer.
    quell::Result<std::optional<MdmCommand>> newest(const std::string& management_id,
                                                    quell::Time since) const;

    // What the result says of a device that was locked without the host's PIN.
    inline static const quell::Metadata::value_type kNoPin{"lock_pin_set", false};

    // What a command means for the order.
    static quell::DeviceOutcome outcome(const MdmCommand& command);

  private:
    JamfApi& api_;
    quell::Call& call_;
};

}  // namespace jamf
