// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/outcome_documents.hpp"

#include <algorithm>

#include "plugins/outcome.hpp"

namespace quell::plugins {
namespace {

Code parse_code(std::string_view name) {
    for (std::int32_t code = 1; code <= static_cast<std::int32_t>(Code::unauthenticated); ++code) {
        if (to_string(static_cast<Code>(code)) == name) {
            return static_cast<Code>(code);
        }
    }
    return Code::internal;
}

}  // namespace

std::string text_at(const json::Object& object, std::string_view name) {
    return optional_text_at(object, name).value_or("");
}

std::optional<std::string> optional_text_at(const json::Object& object, std::string_view name) {
    const json::Value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::optional<std::string>(json::text(*value)) : std::nullopt;
}

std::optional<std::int64_t> optional_integer_at(const json::Object& object, std::string_view name) {
    const json::Value* value = object.if_contains(name);
    if (value == nullptr || !value->is_number()) {
        return std::nullopt;
    }
    boost::system::error_code failure;
    const auto number = value->to_number<std::int64_t>(failure);  // 1.0 is an integer, too
    return failure ? std::nullopt : std::optional(number);
}

json::Object object_at(const json::Object& object, std::string_view name) {
    const json::Value* value = object.if_contains(name);
    const bool is_there = value != nullptr && value->is_object();
    return is_there ? json::Object(value->get_object(), json::Storage()) : json::Object();  // out of the reply's arena
}

json::Array to_array(const std::vector<std::string>& texts) {
    json::Array array;
    array.reserve(texts.size());
    for (const std::string& text : texts) {
        array.emplace_back(text);
    }
    return array;
}

Error outcome_error(const json::Object& outcome, std::string_view capability) {
    const json::Object error = object_at(outcome, "error");
    if (error.empty()) {
        return to_error({.message = "The provider refused without saying why."}, capability);
    }
    return to_error({.status = parse_code(text_at(error, "status")),
                     .message = text_at(error, "message"),
                     .provider_code = text_at(error, "provider_code"),
                     .retry_after_ms = optional_integer_at(error, "retry_after_ms").value_or(-1),
                     .http_status = static_cast<int>(optional_integer_at(error, "http_status").value_or(0))},
                    capability);
}

Result<void> check_ids(const json::Array& outcomes, std::string_view id_name, std::vector<std::string> asked) {
    std::sort(asked.begin(), asked.end());
    std::vector<std::string> answered;
    for (const json::Value& outcome : outcomes) {
        answered.push_back(text_at(outcome.get_object(), id_name));
    }
    std::sort(answered.begin(), answered.end());
    if (answered != asked) {
        return bad_result("the outcomes are not exactly one for each id that was asked for");
    }
    return {};
}

}  // namespace quell::plugins
