// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <vector>

#include <quell/call.hpp>
#include <quell/device.hpp>
#include <quell/result.hpp>

namespace quell::inline v1 {

// "device_containment/1": find devices and contain, release or lock them. Derive from it.
// Calls on one instance may overlap on several threads unless the manifest says "concurrency":
// "serial".
class DeviceContainment {
  public:
    virtual ~DeviceContainment() = default;

    // The devices that match the lookup exactly (host name, serial number and e-mail without regard
    // to case), with their present state. None found is an empty list. Compare the provider's
    // answers yourself: a provider's search may be wider than it looks. At most 200; more is an
    // Error, never a cut list. Read-only.
    virtual Result<std::vector<Device>> resolve(Call& call, const ResolveRequest& request) = 0;

    // Orders the action for ids that resolve returned: exactly one outcome per id. `failed` means
    // that it surely was not done. If an answer to an acting request was lost, return the Error of
    // it: the host then asks poll without a continuation, and repeats only what is safe to repeat.
    virtual Result<std::vector<DeviceOutcome>> apply(Call& call, const ApplyRequest& request) = 0;

    // What became of the orders: exactly one outcome per device. Without a continuation, read it
    // back by the device itself; if nothing was done since `since`, that is `failed` with
    // not_found. Read-only.
    virtual Result<std::vector<DeviceOutcome>> poll(Call& call, const PollRequest& request) = 0;
};

}  // namespace quell::inline v1
