// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <vector>

#include <quell/call.hpp>
#include <quell/result.hpp>

namespace quell::inline v1 {

struct HealthCheck {
    std::string name{};
    bool ok = false;
    std::string message{};  // for an administrator: what is missing and where to give it
};

struct HealthReport {
    std::vector<HealthCheck> checks{};
};

// "health/1": whether the connector could act now. Derive from it. Read-only and cheap.
class Health {
  public:
    virtual ~Health() = default;

    // What the provider refuses is a check that is not ok, not an Error.
    virtual Result<HealthReport> check(Call& call) = 0;
};

}  // namespace quell::inline v1
