// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "json/schema.hpp"
#include "json/value.hpp"

namespace quell::plugins {

// The manifest's schema of a connector's settings. Members marked `"x-secret": true` are written as secret references
// and never reach the plugin; the schema of such a member is for people, since the value is not looked at.
// Immutable; any thread.
class SettingsSchema {
  public:
    struct Problem {
        std::string pointer;  // JSON pointer into the settings
        std::string message;
    };

    SettingsSchema() = default;  // of a plugin without settings
    // Besides what json::Schema refuses: a schema that is not of an object, and x-secret anywhere but at a direct
    // member of type string. Unknown members are refused in settings unless the schema says otherwise.
    static Result<SettingsSchema> compile(json::Value schema);

    std::vector<Problem> problems(const json::Object& settings) const;
    // For settings without problems: what the plugin gets, with the schema's defaults and without secrets.
    Result<json::Object> plain(const json::Object& settings) const;
    const std::vector<std::string>& secrets() const { return secrets_; }
    bool is_secret(std::string_view member) const;

  private:
    std::optional<json::Schema> schema_;
    std::vector<std::string> secrets_;
};

}  // namespace quell::plugins
