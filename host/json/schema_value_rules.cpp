// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// type, enum, const.

#include <algorithm>
#include <array>
#include <cmath>

#include "json/equality.hpp"
#include "json/nearest.hpp"
#include "json/schema_compiler.hpp"
#include "json/serialize.hpp"

namespace quell::json {
namespace {

struct TypeName {
    std::string_view name;
    std::string_view phrase;
};

constexpr std::array<TypeName, 7> kTypes = {{{"null", "null"},
                                             {"boolean", "true or false"},
                                             {"object", "an object"},
                                             {"array", "an array"},
                                             {"string", "a string"},
                                             {"number", "a number"},
                                             {"integer", "a whole number"}}};

using TypeSet = unsigned;
constexpr TypeSet kNumber = 1U << 5U;
constexpr TypeSet kInteger = 1U << 6U;

// A number with a zero fraction is an integer, however it is written (2020-12 Core 4.2.3).
TypeSet types_of(double number) {
    return number == std::trunc(number) ? kNumber | kInteger : kNumber;
}

TypeSet types_of(const Value& value) {
    switch (value.kind()) {
        case Kind::null:
            return 1U << 0U;
        case Kind::bool_:
            return 1U << 1U;
        case Kind::object:
            return 1U << 2U;
        case Kind::array:
            return 1U << 3U;
        case Kind::string:
            return 1U << 4U;
        case Kind::double_:
            return types_of(value.get_double());
        default:
            return kNumber | kInteger;
    }
}

class TypeRule final : public Rule {
  public:
    explicit TypeRule(TypeSet types) : types_(types) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        return (types_of(value) & types_) != 0 ||
               run.violated([&] { return make_violation(at, "type", "must be " + phrase()); });
    }

  private:
    std::string phrase() const {
        std::string text;
        for (std::size_t index = 0; index < kTypes.size(); ++index) {
            if ((types_ >> index & 1U) != 0)
                text.append(text.empty() ? "" : " or ").append(kTypes[index].phrase);
        }
        return text;
    }

    TypeSet types_;
};

std::string written(const Value& value) {
    return value.is_string() ? std::string(text(value)) : json::serialize(value);
}

class EnumRule final : public Rule {
  public:
    EnumRule(std::string keyword, std::vector<const Value*> values)
        : keyword_(std::move(keyword)), values_(std::move(values)) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        if (!run.spend(values_.size()))
            return false;
        const auto is_it = [&value](const Value* allowed) { return equal(*allowed, value); };
        return std::any_of(values_.begin(), values_.end(), is_it) ||
               run.violated([&] { return describe(value, at); });
    }

  private:
    Violation describe(const Value& value, const Location& at) const {
        std::vector<std::string> allowed;
        for (const Value* one : values_)
            allowed.push_back(written(*one));
        if (allowed.empty())
            return make_violation(at, keyword_, "is never allowed");
        const std::vector<std::string_view> names(allowed.begin(), allowed.end());
        const std::string hint = value.is_string() ? nearest_hint(text(value), names) : "";
        const std::string one_of = allowed.size() == 1 ? "must be " : "must be one of ";
        return make_violation(at, keyword_, one_of + listed(allowed, ", ") + hint, allowed);
    }

    std::string keyword_;
    std::vector<const Value*> values_;
};

void add_type(SchemaCompiler::Reader& reader, std::string_view name, TypeSet& types) {
    const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                    [name](auto& type) { return type.name == name; });
    if (found == kTypes.end())
        return reader.refuse("type",
                             "must be null, boolean, object, array, string, number or integer");
    types |= 1U << static_cast<unsigned>(found - kTypes.begin());
}

void add_type_rule(SchemaCompiler::Reader& reader, Node& node) {
    const Value* value = reader.find("type");
    if (value == nullptr)
        return;
    TypeSet types = 0;
    if (value->is_string())
        add_type(reader, text(*value), types);
    else
        for (const std::string_view name : reader.strings("type"))
            add_type(reader, name, types);
    if (types == 0)
        reader.refuse("type", "must name a type");
    // "number" holds the integers already; naming both would only lengthen the message.
    if ((types & kNumber) != 0)
        types &= ~kInteger;
    node.rules.push_back(std::make_unique<TypeRule>(types));
}

}  // namespace

void add_value_rules(SchemaCompiler::Reader& reader, Node& node) {
    add_type_rule(reader, node);
    if (const Array* values = reader.array("enum")) {
        std::vector<const Value*> allowed;
        for (const Value& value : *values)
            allowed.push_back(&value);
        node.rules.push_back(std::make_unique<EnumRule>("enum", std::move(allowed)));
    }
    if (const Value* value = reader.find("const"))
        node.rules.push_back(std::make_unique<EnumRule>("const", std::vector<const Value*>{value}));
}

}  // namespace quell::json
