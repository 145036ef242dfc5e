// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/equality.hpp"
#include "json/parse.hpp"
#include "json/slice.hpp"
#include "target.hpp"

// Slices of a text that the guard accepts are the values that it parses to; of any other, they only must end.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quell;
    const std::string_view text = fuzz::as_text(data, size);
    const auto elements = json::element_texts(text);
    const auto member = json::member_text(text, "a");
    const auto document = json::parse(text);
    if (!document) {
        return 0;
    }
    if (const json::Array* array = document->if_array()) {
        fuzz::require(array->size() == elements.size());
        for (std::size_t i = 0; i < elements.size(); ++i) {
            fuzz::require(json::equal(json::parse(elements[i]).value(), (*array)[i]));
        }
    }
    if (const json::Object* object = document->if_object(); object != nullptr && member) {
        fuzz::require(json::equal(json::parse(*member).value(), object->at("a")));
    }
    return 0;
}
