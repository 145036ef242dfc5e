// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include "containment/selection.hpp"
#include "orders/order.hpp"

namespace quell::containment {

// What one connector answered: devices, or why there are none. A device that the MDM knows and the EDR does not is
// told in `error` beside the targets.
struct Found {
    ConnectorKey connector;
    std::vector<orders::Target> targets;
    std::optional<Error> error;
};

// Asks all connectors side by side, reading only. Refuses the whole call with device_ambiguous and the candidates if
// any look-up but user_email matches more than one device (PF-09, N15); fails with the connectors' errors if no device
// was found at all. `connectors`, `tenant` and `selection`'s profiles outlive the task.
base::Task<std::vector<Found>> resolve_devices(DeviceConnectors& connectors, const TenantId& tenant,
                                               Selection selection, const ContainArguments& arguments,
                                               plugins::CallOptions options);

// One look-up at one connector, checked: every device is what was asked for. For resolving and for checking again.
// What is referred to outlives the task.
base::Task<std::vector<plugins::Device>> look_up(DeviceConnectors& connectors, const TenantId& tenant,
                                                 const ConnectorKey& key, const Lookup& lookup, Action action,
                                                 plugins::CallOptions options);

}  // namespace quell::containment
