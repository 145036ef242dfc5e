// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/read.hpp"

#include <string>

namespace quell::json {
namespace {

Error wrong(std::string_view name, std::string_view expected) {
    return invalid_arguments("`" + std::string(name) + "` must be " + std::string(expected) + ".");
}

Error missing(std::string_view name) {
    return invalid_arguments("`" + std::string(name) + "` is missing.");
}

const Value* present(const Object& object, std::string_view name) {
    const Value* value = find(object, name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

Result<std::string_view> to_text(const Value& value, std::string_view name) {
    if (!value.is_string())
        return wrong(name, "a string");
    return text(value);
}

Result<std::int64_t> to_integer(const Value& value, std::string_view name) {
    boost::json::error_code error;
    const auto number = value.to_number<std::int64_t>(error);
    if (error)
        return wrong(name, "an integer of at most 64 bits");
    return number;
}

Result<bool> to_bool(const Value& value, std::string_view name) {
    if (!value.is_bool())
        return wrong(name, "true or false");
    return value.get_bool();
}

Result<const Object*> to_object(const Value& value, std::string_view name) {
    if (!value.is_object())
        return wrong(name, "an object");
    return &value.get_object();
}

Result<const Array*> to_array(const Value& value, std::string_view name) {
    if (!value.is_array())
        return wrong(name, "an array");
    return &value.get_array();
}

template <class T>
using Reader = Result<T> (*)(const Value&, std::string_view);

template <class T>
Result<T> required(const Object& object, std::string_view name, Reader<T> read) {
    const Value* value = find(object, name);
    if (value == nullptr)
        return missing(name);
    return read(*value, name);
}

template <class T>
Result<std::optional<T>> optional(const Object& object, std::string_view name, Reader<T> read) {
    const Value* value = present(object, name);
    if (value == nullptr)
        return std::optional<T>();
    TRY(T result, read(*value, name));
    return std::optional<T>(result);
}

template <class T>
Result<const T*> optional_pointer(const Object& object, std::string_view name,
                                  Reader<const T*> read) {
    const Value* value = present(object, name);
    if (value == nullptr)
        return static_cast<const T*>(nullptr);
    return read(*value, name);
}

}  // namespace

const Value* find(const Object& object, std::string_view name) {
    return object.if_contains(name);
}

Result<const Object*> as_object(const Value& value, std::string_view what) {
    return to_object(value, what);
}

Result<std::string_view> string_member(const Object& object, std::string_view name) {
    return required<std::string_view>(object, name, to_text);
}

Result<std::int64_t> integer_member(const Object& object, std::string_view name) {
    return required<std::int64_t>(object, name, to_integer);
}

Result<bool> bool_member(const Object& object, std::string_view name) {
    return required<bool>(object, name, to_bool);
}

Result<const Object*> object_member(const Object& object, std::string_view name) {
    return required<const Object*>(object, name, to_object);
}

Result<const Array*> array_member(const Object& object, std::string_view name) {
    return required<const Array*>(object, name, to_array);
}

Result<std::optional<std::string_view>> optional_string(const Object& object,
                                                        std::string_view name) {
    return optional<std::string_view>(object, name, to_text);
}

Result<std::optional<std::int64_t>> optional_integer(const Object& object, std::string_view name) {
    return optional<std::int64_t>(object, name, to_integer);
}

Result<std::optional<bool>> optional_bool(const Object& object, std::string_view name) {
    return optional<bool>(object, name, to_bool);
}

Result<const Object*> optional_object(const Object& object, std::string_view name) {
    return optional_pointer<Object>(object, name, to_object);
}

Result<const Array*> optional_array(const Object& object, std::string_view name) {
    return optional_pointer<Array>(object, name, to_array);
}

}  // namespace quell::json
