// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "json/value.hpp"

// A secret document (abi.h, secret_backend/1): one line of JSON, the head, a line feed, and the values' bytes one after
// the other as the head's `fields` say: [{"name", "size"}].
namespace quell::plugins {

struct SecretField {
    std::string name;
    SecretString value;
};

// The values behind a head whose `fields` are valid by their schema. plugin_bad_result unless the sizes are exactly those
// of what is there, or if a name occurs twice.
Result<std::vector<SecretString>> cut_values(const json::Array& fields, std::string_view bytes);

// Writes `fields` into the head and the values behind it. `head` is an object without `fields`. In one allocation.
std::string join_document(json::Object head, const std::vector<SecretField>& fields);

}  // namespace quell::plugins
