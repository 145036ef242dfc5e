// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "containment/terms.hpp"
#include "json/value.hpp"

namespace quell::containment {

// What contain_device is asked, from any door (V46 to V52).
struct ContainArguments {
    Action action = Action::network_contain;
    Lookup lookup;
    std::optional<std::vector<std::string>> integration_targets;
    std::optional<std::string> reason;
    bool dry_run = false;
    std::optional<std::string> idempotency_key;
};

// invalid_arguments for a missing, unknown or wrong member, with the allowed values; invalid_lookup_value for a value
// that check_lookup_value() refuses.
Result<ContainArguments> read_arguments(const json::Object& object);

}  // namespace quell::containment
