// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/error_document.hpp"

namespace quell::json {
namespace {

Array to_array(const std::vector<std::string>& values) {
    Array array;
    array.reserve(values.size());
    for (const auto& value : values)
        array.emplace_back(value);
    return array;
}

Array to_array(const std::vector<Candidate>& candidates) {
    Array array;
    array.reserve(candidates.size());
    for (const auto& candidate : candidates) {
        Object& object = array.emplace_back(boost::json::object_kind).get_object();
        for (const auto& [name, value] : candidate)
            object.emplace(name, value);
    }
    return array;
}

Value text_or_null(const std::string& text) {
    return text.empty() ? Value(nullptr) : Value(text);
}

Value seconds_or_null(std::int64_t seconds) {
    return seconds < 0 ? Value(nullptr) : Value(seconds);
}

}  // namespace

Object error_document(const Error& error) {
    Object members;
    members.reserve(7);
    members.emplace("key", error->key);
    members.emplace("message", error->message);
    members.emplace("allowed", to_array(error->allowed));
    members.emplace("candidates", to_array(error->candidates));
    members.emplace("next_step", text_or_null(error->next_step));
    members.emplace("retryable", error->retryable);
    members.emplace("retry_after_seconds", seconds_or_null(error->retry_after_seconds));
    Object document;
    document.emplace("error", std::move(members));
    return document;
}

}  // namespace quell::json
