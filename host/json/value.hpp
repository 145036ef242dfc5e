// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <string_view>

// The one place that names the JSON library; other folders say json::Value and use its members.
namespace quell::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;
using String = boost::json::string;
using Kind = boost::json::kind;

// A value keeps a pointer to the storage it was made with. Values of one request live in that
// request's arena:
//     std::array<unsigned char, 8192> bytes;
//     json::Arena arena(bytes.data(), bytes.size());
//     auto document = json::parse(text, {}, &arena);
// Moving a value keeps its storage, so the arena must outlive it; json::Value(other,
// json::Storage{}) copies out.
using Storage = boost::json::storage_ptr;
using Arena = boost::json::monotonic_resource;

inline std::string_view text(const String& string) {
    return {string.data(), string.size()};
}

// The characters of a string value; empty for every other kind.
inline std::string_view text(const Value& value) {
    const String* string = value.if_string();
    return string == nullptr ? std::string_view() : text(*string);
}

}  // namespace quell::json
