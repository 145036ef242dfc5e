// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostic.hpp"
#include "config/settings.hpp"

namespace quell::config {

// A connector's settings held to its plugin's JSON Schema (PLUGIN-ABI.md 2.9), without starting it.
struct CheckedSettings {
    json::Object plain;                          // without the secrets, with the schema's defaults
    std::map<std::string, json::Value> secrets;  // member name -> secret reference
    std::vector<Diagnostic> errors;              // each at the place of the setting

    bool ok() const { return errors.empty(); }
};

// Members of the schema's top-level `properties` that are marked "x-secret": true must be secret
// references (secret_ref.hpp); a literal is refused, and so is a reference where no secret is
// wanted.
CheckedSettings check_connector_settings(const ConnectorSettings& connector,
                                         const json::Value& schema);

// Where the value at a JSON pointer into the settings is written, or the nearest table around it.
SourcePosition position_of(const ConnectorSettings& connector, std::string_view pointer);

}  // namespace quell::config
