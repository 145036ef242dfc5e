// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "base/task.hpp"
#include "identity/principal.hpp"

namespace quell::mcp {

// Resources of the host itself, beside those of plugins. Outlives the door. Any thread.
class HostResources {
  public:
    virtual ~HostResources() = default;
    // Definitions that the caller may see, JSON texts with commas between.
    virtual std::string resources(const identity::Principal& caller) const = 0;
    virtual std::string templates(const identity::Principal& caller) const = 0;
    virtual bool owns(std::string_view uri) const = 0;
    virtual identity::Scope scope() const = 0;  // to read one
    // ReadResourceResult as JSON text.
    virtual base::Task<std::string> read(identity::Principal caller, std::string uri) = 0;
};

}  // namespace quell::mcp
