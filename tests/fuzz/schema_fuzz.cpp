// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/parse.hpp"
#include "json/schema.hpp"
#include "target.hpp"

// The input is [SCHEMA, VALUE]; a verdict is the same each time, and a refusal has a reason.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto pair = quell::json::parse(quell::fuzz::as_text(data, size));
    if (!pair || !pair->is_array() || pair->get_array().size() != 2) {
        return 0;
    }
    const auto schema = quell::json::Schema::compile(pair->get_array()[0]);
    if (schema) {
        const auto& value = pair->get_array()[1];
        quell::fuzz::require(schema->accepts(value) == schema->violations(value).empty());
    }
    return 0;
}
