// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/table_reader.hpp"

#include <algorithm>

#include "json/nearest.hpp"
#include "json/pointer.hpp"

namespace quell::config {
namespace {

std::string type_name(const toml::node& value) {
    switch (value.type()) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "an array";
        case toml::node_type::string:
            return "a string";
        case toml::node_type::integer:
            return "an integer";
        case toml::node_type::floating_point:
            return "a fraction";
        case toml::node_type::boolean:
            return "a boolean";
        default:
            return "a date or time";
    }
}

SourcePosition position_at(const std::string& file, const toml::source_region& region) {
    return {file, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

std::string listed(const std::vector<std::string_view>& names) {
    std::string text;
    for (const std::string_view name : names)
        text += (text.empty() ? "`" : ", `") + std::string(name) + "`";
    return text;
}

// A NUL would cut a path or a host name short in C interfaces.
bool holds_nul(const std::string& text) {
    return text.find('\0') != std::string::npos;
}

}  // namespace

const toml::node* TableReader::take(std::string_view key) {
    known_.emplace_back(key);
    return table_.get(key);
}

std::string TableReader::name(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

SourcePosition TableReader::position(std::string_view key) const {
    for (const auto& [found, value] : table_) {
        if (found.str() == key)
            return position_at(own_.file, found.source());
    }
    return own_;
}

void TableReader::refuse(std::string_view key, const std::string& why) {
    errors_.push_back(make_diagnostic(position(key), "`" + name(key) + "` " + why + "."));
}

void TableReader::refuse_type(std::string_view key, const toml::node& value,
                              const std::string& expected) {
    refuse(key, "must be " + expected + "; it is " + type_name(value));
}

bool TableReader::read(std::string_view key, std::string& out, std::string_view example) {
    const toml::node* value = take(key);
    if (value == nullptr)
        return false;
    const auto* string = value->as_string();
    if (string == nullptr)
        refuse_type(key, *value, "a string such as \"" + std::string(example) + "\"");
    else if (string->get().empty())
        refuse(key, "must not be empty; an example is \"" + std::string(example) + "\"");
    else if (holds_nul(string->get()))
        refuse(key, "must not hold a NUL character");
    else {
        out = string->get();
        return true;
    }
    return false;
}

bool TableReader::read(std::string_view key, bool& out) {
    const toml::node* value = take(key);
    if (value == nullptr)
        return false;
    const auto* boolean = value->as_boolean();
    if (boolean == nullptr)
        refuse_type(key, *value, "true or false");
    else
        out = boolean->get();
    return boolean != nullptr;
}

bool TableReader::read(std::string_view key, std::int64_t& out, std::int64_t least,
                       std::int64_t most) {
    const toml::node* value = take(key);
    if (value == nullptr)
        return false;
    const auto* integer = value->as_integer();
    const std::string wanted =
        "an integer from " + std::to_string(least) + " to " + std::to_string(most);
    if (integer == nullptr)
        refuse_type(key, *value, wanted);
    else if (integer->get() < least || integer->get() > most)
        refuse(key, "must be " + wanted + "; it is " + std::to_string(integer->get()));
    else {
        out = integer->get();
        return true;
    }
    return false;
}

bool TableReader::read(std::string_view key, std::vector<std::string>& out) {
    const toml::node* value = take(key);
    if (value == nullptr)
        return false;
    const auto* array = value->as_array();
    const auto is_text = [](const toml::node& element) {
        const auto* string = element.as_string();
        return string != nullptr && !string->get().empty() && !holds_nul(string->get());
    };
    if (array == nullptr) {
        refuse_type(key, *value, "an array of strings");
        return false;
    }
    if (!std::all_of(array->begin(), array->end(), is_text)) {
        refuse(key, "must hold only strings that are not empty");
        return false;
    }
    out.clear();
    for (const auto& element : *array)
        out.push_back(element.as_string()->get());
    return true;
}

std::optional<std::size_t> TableReader::choose(std::string_view key,
                                               const std::vector<std::string_view>& names) {
    const toml::node* value = take(key);
    if (value == nullptr)
        return std::nullopt;
    const auto* string = value->as_string();
    if (string == nullptr) {
        refuse_type(key, *value, "one of " + listed(names));
        return std::nullopt;
    }
    const auto found = std::find(names.begin(), names.end(), string->get());
    if (found != names.end())
        return static_cast<std::size_t>(found - names.begin());
    refuse(key, "must be one of " + listed(names) + json::nearest_hint(string->get(), names));
    return std::nullopt;
}

std::optional<TableReader> TableReader::table(std::string_view key) {
    const toml::node* value = take(key);
    if (value == nullptr)
        return std::nullopt;
    const toml::table* table = value->as_table();
    if (table == nullptr) {
        refuse_type(key, *value, "a table");
        return std::nullopt;
    }
    return TableReader(*table, name(key), position(key), errors_);
}

std::vector<std::pair<std::string, TableReader>> TableReader::tables() {
    std::vector<std::pair<std::string, TableReader>> found;
    for (const auto& [key, value] : table_) {
        if (auto reader = table(key.str()))
            found.emplace_back(std::string(key.str()), *std::move(reader));
    }
    return found;
}

std::vector<std::string> TableReader::keys() const {
    std::vector<std::string> found;
    for (const auto& [key, value] : table_)
        found.emplace_back(key.str());
    return found;
}

std::vector<TableReader> TableReader::array_of_tables(std::string_view key) {
    const toml::node* value = take(key);
    std::vector<TableReader> found;
    if (value == nullptr)
        return found;
    const toml::array* array = value->as_array();
    if (array == nullptr || !std::all_of(array->begin(), array->end(), [](const toml::node& element) { return element.is_table(); })) {
        refuse_type(key, *value, "tables, each under [[" + name(key) + "]]");
        return found;
    }
    for (const toml::node& element : *array)
        found.emplace_back(*element.as_table(), name(key), position_at(own_.file, element.source()), errors_);
    return found;
}

// OP-05
void TableReader::refuse_unknown_keys() {
    const std::vector<std::string_view> known(known_.begin(), known_.end());
    for (const auto& [key, value] : table_) {
        if (std::find(known.begin(), known.end(), key.str()) != known.end())
            continue;
        errors_.push_back(make_diagnostic(position_at(own_.file, key.source()),
                                          "`" + name(json::shortened(key.str())) +
                                              "` is not a known key" +
                                              json::nearest_hint(key.str(), known) + "."));
    }
}

}  // namespace quell::config
