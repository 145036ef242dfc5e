// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <quell/json.hpp>
#include <quell/settings.hpp>

namespace quell::inline v1::detail {

inline std::optional<Settings::Value> setting_value(const nlohmann::json& value) {
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    if (value.is_number_float())
        return value.get<double>();
    if (value.is_string())
        return value.get<std::string>();
    if (!value.is_array())
        return std::nullopt;
    std::vector<std::string> texts;
    for (const nlohmann::json& element : value) {
        if (!element.is_string())
            return std::nullopt;
        texts.push_back(element.get<std::string>());
    }
    return texts;
}

inline void add_settings(const nlohmann::json& object, const std::string& prefix,
                         Settings::Values& values) {
    for (const auto& [name, value] : object.items()) {
        if (value.is_object())
            add_settings(value, prefix + name + ".", values);
        else if (auto setting = setting_value(value))
            values.emplace(prefix + name, *std::move(setting));
    }
}

inline Result<Settings> parse_settings(std::string_view text) {
    const auto document = parse_document(text);
    if (!document || !document->is_object())
        return invalid_argument("The settings are not a JSON object.");
    Settings::Values values;
    add_settings(*document, "", values);
    return Settings(std::move(values));
}

// The members of a request, or the Error that names the first bad one (abi.h rule 10).
class RequestReader {
  public:
    explicit RequestReader(const nlohmann::json& object) : object_(object) {}

    Result<std::string> text(std::string_view name) const {
        auto value = string_member(object_, name);
        if (!value)
            return bad(name);
        return *std::move(value);
    }

    Result<std::vector<std::string>> texts(std::string_view name) const {
        std::vector<std::string> values;
        const nlohmann::json* array = array_member(object_, name);
        if (array == nullptr || array->empty())
            return bad(name);
        for (const nlohmann::json& element : *array) {
            if (!element.is_string())
                return bad(name);
            values.push_back(element.get<std::string>());
        }
        return values;
    }

    static Error bad(std::string_view name) {
        return invalid_argument("The request's member `" + std::string(name) + "` is not valid.");
    }

  private:
    const nlohmann::json& object_;
};

inline nlohmann::json text_or_null(const std::optional<std::string>& text) {
    return text ? nlohmann::json(*text) : nlohmann::json(nullptr);
}

inline nlohmann::json to_json(const Error& error) {
    return {{"status", to_string(error.status)},
            {"message", error.message},
            {"provider_code", error.provider_code},
            {"http_status", error.http_status},
            {"retry_after_ms", error.retry_after ? error.retry_after->count() : -1}};
}

}  // namespace quell::inline v1::detail
