// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/secret_string.hpp"
#include "plugins/connector.hpp"

namespace quell::plugins {

// device_containment/1 (sdk/schema) as types. Words such as states stay as they are on the wire.
inline constexpr std::string_view kDeviceContainment = "device_containment/1";

struct Lookup {
    std::string lookup_type;
    std::string value;
};

struct Device {
    std::string provider_device_id;
    std::optional<std::string> hostname;
    std::optional<std::string> serial_number;
    std::optional<std::string> user_email;
    std::optional<std::string> platform;
    std::string containment_state;  // normal, containing, contained, releasing, locked, unknown
    std::optional<std::string> last_seen;
};

struct DeviceAction {
    struct Lock {
        std::string pin;  // the host's; the caller keeps it sealed
        std::string message;
    };
    std::string action;
    std::vector<std::string> device_ids;
    std::string reason;
    std::string request_id;
    std::optional<Lock> lock{};
};

struct DevicePoll {
    struct Asked {
        std::string provider_device_id;
        std::optional<std::string> continuation;  // none: the answer to apply was lost
        WallTime since{};
    };
    std::string action;
    std::vector<Asked> devices;
};

enum class OutcomeState { accepted, confirmed, failed };

// What became of one device.
struct DeviceOutcome {
    std::string provider_device_id;
    OutcomeState state = OutcomeState::failed;
    std::optional<bool> changed;              // of confirmed
    std::optional<std::string> continuation;  // of accepted
    std::optional<Millis> poll_after;         // of accepted
    std::optional<Error> error;               // always there with failed
    json::Object result_metadata;
};

// The reading calls (resolve, poll) run read-only whatever the options say. An answer with an id that was not asked
// for, with one twice or without one is plugin_bad_result. The connector must outlive the task.
base::Task<std::vector<Device>> resolve(const Connector& connector, const Lookup& lookup, CallOptions options,
                                        std::string_view action = "");
base::Task<std::vector<DeviceOutcome>> apply(const Connector& connector, const DeviceAction& order,
                                             CallOptions options);
base::Task<std::vector<DeviceOutcome>> poll(const Connector& connector, const DevicePoll& poll, CallOptions options);

}  // namespace quell::plugins
