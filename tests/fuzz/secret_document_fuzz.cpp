// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <algorithm>

#include "config/secret_ref.hpp"
#include "json/parse.hpp"
#include "plugins/secret_document.hpp"
#include "target.hpp"

// A secret document of a plugin: values that are accepted are together exactly what stands behind the head. The text of a
// reference to a backend is read the same way twice.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quell;
    const std::string_view text = fuzz::as_text(data, size);
    if (const auto reference = config::parse_backend_secret(text)) {
        fuzz::require(text == reference->connector + ":" + reference->path + "#" + reference->field);
    }
    const auto line = text.find('\n');
    const auto head = json::parse(text.substr(0, line));
    if (line == std::string_view::npos || !head || !head->is_object()) {
        return 0;
    }
    const json::Value* fields = head->get_object().if_contains("fields");
    if (fields == nullptr || !fields->is_array() ||
        !std::ranges::all_of(fields->get_array(), [](const json::Value& field) { return field.is_object(); })) {
        return 0;
    }
    const std::string_view bytes = text.substr(line + 1);
    if (const auto values = plugins::cut_values(fields->get_array(), bytes)) {
        std::string whole;
        for (const SecretString& value : *values) {
            whole.append(value.reveal());
        }
        fuzz::require(whole == bytes && values->size() == fields->get_array().size());
    }
    return 0;
}
