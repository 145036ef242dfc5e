// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

#include "json/schema.hpp"

namespace quell::plugins {

// A method that this version knows, with what its reply must look like (sdk/schema).
struct Method {
    std::string_view capability;  // "device_containment/1"
    std::string_view name;        // "resolve"
    json::Schema reply;
    bool secret = false;  // the reply is a secret document (abi.h); `reply` is the schema of its head
};

// Null for a method that this version does not have. Compiled at the first use of any; any thread.
const Method* known_method(std::string_view capability, std::string_view name);

}  // namespace quell::plugins
