// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/person.hpp"

namespace quell::plugins {

void write_unless_empty(json::Writer& out, std::string_view name, const std::string& text) {
    if (!text.empty()) {
        out.member(name, text);
    }
}

void write_members(json::Writer& out, const Person& person) {
    write_unless_empty(out, "provider_user_id", person.provider_user_id.value_or(""));
    write_unless_empty(out, "email", person.email.value_or(""));
}

}  // namespace quell::plugins
