// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <optional>
#include <quell/device_containment.hpp>
#include <quell/health.hpp>
#include <quell/settings.hpp>
#include <string>
#include <vector>

#include "jamf_api.hpp"

namespace jamf {

// Finds Macs and mobile devices in Jamf Pro and locks them. No call changes what another sees, so
// calls may overlap. A lock is not idempotent: it is sent once for an order, and an answer that was
// lost is read back from the list of commands, never sent again.
class Jamf : public quell::DeviceContainment, public quell::Health {
  public:
    static quell::Result<std::unique_ptr<Jamf>> create(const quell::Settings& settings);
    Jamf(JamfServer server, std::string lock_message)
        : api_(std::move(server)), lock_message_(std::move(lock_message)) {}

    quell::Result<std::vector<quell::Device>> resolve(
        quell::Call& call, const quell::ResolveRequest& request) override;
    quell::Result<std::vector<quell::DeviceOutcome>> apply(
        quell::Call& call, const quell::ApplyRequest& request) override;
    quell::Result<std::vector<quell::DeviceOutcome>> poll(
        quell::Call& call, const quell::PollRequest& request) override;
    quell::Result<quell::HealthReport> check(quell::Call& call) override;

  private:
    quell::Result<quell::DeviceOutcome> order(quell::Call& call, const std::string& management_id,
                                              quell::Lock lock);
    quell::Result<quell::DeviceOutcome> lock(quell::Call& call, const ManagedDevice& device,
                                             const quell::Lock& lock);
    quell::Result<quell::DeviceOutcome> read_back(quell::Call& call,
                                                  const quell::PollTarget& target);
    quell::HealthCheck inventory_check(quell::Call& call);

    JamfApi api_;
    const std::string lock_message_;
};

}  // namespace jamf
