// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <utility>

#include "base/error.hpp"

namespace quell::plugins {

// Why a plugin or connector is not served: shown in `quell plugin list`, by `quell check` and in the log.
inline Error refused(std::string reason) {
    return {Code::failed_precondition, "connector_misconfigured", std::move(reason)};
}

}  // namespace quell::plugins
