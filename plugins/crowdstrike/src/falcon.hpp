// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <quell/device_containment.hpp>
#include <quell/health.hpp>
#include <quell/settings.hpp>
#include <set>
#include <string>
#include <vector>

#include "falcon_api.hpp"

namespace crowdstrike {

// Network containment by CrowdStrike Falcon. Immutable: calls may overlap.
// Orders are idempotent at the provider and there is no action id, so the host record is the truth:
// it is read before acting, after an answer that does not say enough, and while polling.
class Falcon : public quell::DeviceContainment, public quell::Health {
  public:
    static quell::Result<std::unique_ptr<Falcon>> create(const quell::Settings& settings);
    explicit Falcon(FalconApi api) : api_(std::move(api)) {}

    quell::Result<std::vector<quell::Device>> resolve(
        quell::Call& call, const quell::ResolveRequest& request) override;
    quell::Result<std::vector<quell::DeviceOutcome>> apply(
        quell::Call& call, const quell::ApplyRequest& request) override;
    quell::Result<std::vector<quell::DeviceOutcome>> poll(
        quell::Call& call, const quell::PollRequest& request) override;
    quell::Result<quell::HealthReport> check(quell::Call& call) override;

  private:
    quell::Result<std::vector<std::string>> find_ids(quell::Call& call,
                                                     const quell::Lookup& lookup) const;
    std::optional<std::set<std::string>> offline_among(
        quell::Call& call, const std::vector<quell::DeviceOutcome>& outcomes) const;

    FalconApi api_;
};

}  // namespace crowdstrike
