// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/json_texts.hpp"

#include "json/parse.hpp"
#include "json/serialize.hpp"

namespace quell::store {

std::string to_json(const std::vector<std::string>& texts) {
    json::Array array;
    for (const std::string& text : texts) {
        array.emplace_back(text);
    }
    return json::serialize(json::Value(std::move(array)));
}

std::vector<std::string> from_json(std::string_view text) {
    std::vector<std::string> texts;
    const auto value = json::parse(text);
    const json::Array* array = value ? value->if_array() : nullptr;
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
        texts.emplace_back(json::text((*array)[i]));
    }
    return texts;
}

}  // namespace quell::store
