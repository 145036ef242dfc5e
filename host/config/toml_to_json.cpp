// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/toml_to_json.hpp"

#include <cmath>

#include "json/pointer.hpp"

namespace quell::config {
namespace {

// Recurses no deeper than toml_limits.hpp allows a text to nest.
class Converter {
  public:
    Converter(JsonSettings& out, const std::string& name, const std::string& file,
              std::vector<Diagnostic>& errors)
        : out_(out), name_(name), file_(file), errors_(errors) {}

    json::Object convert(const toml::table& table, const std::string& pointer) {
        json::Object object;
        for (const auto& [key, value] : table) {
            std::string below = pointer;
            json::append_token(below, key.str());
            out_.positions[below] = at(key.source());
            object.emplace(std::string_view(key.str()), convert(value, below));
        }
        return object;
    }

  private:
    json::Value convert(const toml::node& value, const std::string& pointer) {
        if (const auto* table = value.as_table())
            return convert(*table, pointer);
        if (const auto* array = value.as_array())
            return convert(*array, pointer);
        if (const auto* string = value.as_string())
            return json::Value(string->get());
        if (const auto* integer = value.as_integer())
            return json::Value(integer->get());
        if (const auto* boolean = value.as_boolean())
            return json::Value(boolean->get());
        if (const auto* number = value.as_floating_point();
            number != nullptr && std::isfinite(number->get()))
            return json::Value(number->get());
        errors_.push_back(make_diagnostic(
            at(value.source()), "`" + name_ + "`: `" + pointer +
                                    "` must be a string, number, boolean, array or table."));
        return nullptr;
    }

    json::Array convert(const toml::array& array, const std::string& pointer) {
        json::Array converted;
        for (std::size_t index = 0; index < array.size(); ++index) {
            const std::string below = pointer + "/" + std::to_string(index);
            out_.positions[below] = at(array[index].source());
            converted.push_back(convert(array[index], below));
        }
        return converted;
    }

    SourcePosition at(const toml::source_region& region) const {
        return {file_, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
    }

    JsonSettings& out_;
    const std::string& name_;
    const std::string& file_;
    std::vector<Diagnostic>& errors_;
};

}  // namespace

JsonSettings to_json(const toml::table& table, const std::string& name, const SourcePosition& own,
                     std::vector<Diagnostic>& errors) {
    JsonSettings out;
    out.positions[""] = own;
    out.object = Converter(out, name, own.file, errors).convert(table, "");
    return out;
}

}  // namespace quell::config
