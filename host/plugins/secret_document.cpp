// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/secret_document.hpp"

#include <algorithm>

#include "json/serialize.hpp"
#include "plugins/outcome.hpp"
#include "plugins/outcome_documents.hpp"

namespace quell::plugins {

Result<std::vector<SecretString>> cut_values(const json::Array& fields, std::string_view bytes) {
    std::vector<SecretString> values;
    std::vector<std::string> names;
    for (const json::Value& field : fields) {
        const json::Object& object = field.get_object();
        const auto size = optional_integer_at(object, "size");
        if (!size || *size < 0 || static_cast<std::uint64_t>(*size) > bytes.size()) {
            return bad_result("a secret document is shorter than its fields");
        }
        values.emplace_back(std::string(bytes.substr(0, static_cast<std::size_t>(*size))));
        bytes.remove_prefix(static_cast<std::size_t>(*size));
        names.push_back(text_at(object, "name"));
    }
    std::sort(names.begin(), names.end());
    if (!bytes.empty() || std::adjacent_find(names.begin(), names.end()) != names.end()) {
        return bad_result("a secret document is longer than its fields, or names one twice");
    }
    return values;
}

std::string join_document(json::Object head, const std::vector<SecretField>& fields) {
    json::Array entries;
    std::size_t size = 0;
    for (const SecretField& field : fields) {
        entries.push_back(json::Object{{"name", field.name}, {"size", field.value.reveal().size()}});
        size += field.value.reveal().size();
    }
    head["fields"] = std::move(entries);
    const std::string line = json::serialize(head);
    std::string text;
    text.reserve(line.size() + 1 + size);
    text.append(line).append("\n");
    for (const SecretField& field : fields) {
        text.append(field.value.reveal());
    }
    return text;
}

}  // namespace quell::plugins
