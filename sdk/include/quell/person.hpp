// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>

namespace quell::inline v1 {

// A user of the provider, by its own id or by e-mail address.
struct Person {
    std::optional<std::string> provider_user_id{};
    std::optional<std::string> email{};
};

}  // namespace quell::inline v1
