// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/writer.hpp"

namespace quell::plugins {

// A user of a provider, by its id there or by e-mail address.
struct Person {
    std::optional<std::string> provider_user_id{};
    std::optional<std::string> email{};
};

// The members of a person that are known, into an object that is open.
void write_members(json::Writer& out, const Person& person);
// A member that is left out where there is nothing to say.
void write_unless_empty(json::Writer& out, std::string_view name, const std::string& text);

}  // namespace quell::plugins
