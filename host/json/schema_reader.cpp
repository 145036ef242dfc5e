// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// How SchemaCompiler reads the values of keywords.

#include <cmath>
#include <limits>
#include <optional>

#include "json/equality.hpp"
#include "json/schema_compiler.hpp"

namespace quell::json {

const Array* SchemaCompiler::Reader::array(std::string_view name) {
    const Value* value = find(name);
    if (value != nullptr && !value->is_array())
        refuse(name, "must be an array");
    return value == nullptr ? nullptr : value->if_array();
}

const Array* SchemaCompiler::Reader::non_empty_array(std::string_view name) {
    const Array* found = array(name);
    if (found != nullptr && found->empty())
        refuse(name, "must not be empty");
    return found;
}

const Object* SchemaCompiler::Reader::object(std::string_view name) {
    const Value* value = find(name);
    if (value != nullptr && !value->is_object())
        refuse(name, "must be an object");
    return value == nullptr ? nullptr : value->if_object();
}

std::vector<std::string_view> SchemaCompiler::Reader::strings(std::string_view name) {
    const Value* value = find(name);
    return value == nullptr ? std::vector<std::string_view>() : strings(*value, name);
}

std::vector<std::string_view> SchemaCompiler::Reader::strings(const Value& value,
                                                              std::string_view name) {
    std::vector<std::string_view> found;
    const Array* elements = value.if_array();
    if (elements == nullptr) {
        refuse(name, "must be an array of strings");
        return found;
    }
    for (const Value& element : *elements) {
        if (!element.is_string())
            refuse(name, "must hold strings only");
        found.push_back(text(element));
    }
    return found;
}

const Value* SchemaCompiler::Reader::number(std::string_view name) {
    const Value* value = find(name);
    if (value == nullptr || value->is_number())
        return value;
    refuse(name, "must be a number");
    return nullptr;
}

std::size_t SchemaCompiler::Reader::count(std::string_view name, std::size_t missing) {
    const Value* value = number(name);
    if (value == nullptr)
        return missing;
    boost::json::error_code error;
    const auto count = value->to_number<std::uint32_t>(error);
    if (error)
        refuse(name, "must be a whole number from 0 to 4294967295");
    return error ? missing : count;
}

std::string_view SchemaCompiler::Reader::string(std::string_view name) {
    const Value* value = find(name);
    if (value == nullptr)
        return {};
    if (!value->is_string())
        refuse(name, "must be a string");
    return text(*value);
}

bool SchemaCompiler::Reader::boolean(std::string_view name) {
    const Value* value = find(name);
    if (value == nullptr)
        return false;
    if (!value->is_bool())
        refuse(name, "must be true or false");
    return value->is_bool() && value->get_bool();
}

std::optional<Pattern> SchemaCompiler::Reader::pattern(std::string_view expression,
                                                       std::string_view name) {
    auto compiled = Pattern::compile(expression);
    if (compiled)
        return *std::move(compiled);
    refuse(name, "is not a usable regular expression: " + compiled.error()->message);
    return std::nullopt;
}

}  // namespace quell::json
