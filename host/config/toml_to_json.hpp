// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <toml++/toml.h>

#include <map>
#include <string>
#include <vector>

#include "config/diagnostic.hpp"
#include "json/value.hpp"

namespace quell::config {

struct JsonSettings {
    json::Object object;
    std::map<std::string, SourcePosition>
        positions;  // JSON pointer -> where it is written; "" is the table
};

// Dates, times, infinity and not-a-number have no JSON form and are refused.
JsonSettings to_json(const toml::table& table, const std::string& name, const SourcePosition& own,
                     std::vector<Diagnostic>& errors);

}  // namespace quell::config
