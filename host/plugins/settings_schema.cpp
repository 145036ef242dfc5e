// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/settings_schema.hpp"

#include <algorithm>

#include "config/secret_ref.hpp"
#include "plugins/refusal.hpp"

namespace quell::plugins {
namespace {

std::size_t count_marks(const json::Value& value) {
    std::size_t count = 0;
    if (const json::Object* object = value.if_object()) {
        for (const auto& [name, member] : *object) {
            count += (name == "x-secret" ? 1U : 0U) + count_marks(member);
        }
    } else if (const json::Array* array = value.if_array()) {
        for (const json::Value& element : *array) {
            count += count_marks(element);
        }
    }
    return count;
}

bool is_marked(const json::Value& member) {
    const json::Object* object = member.if_object();
    const json::Value* mark = object == nullptr ? nullptr : object->if_contains("x-secret");
    const json::Value* type = object == nullptr ? nullptr : object->if_contains("type");
    return mark != nullptr && mark->is_bool() && mark->get_bool() && type != nullptr && json::text(*type) == "string";
}

// Takes the secret members out of the check: a reference stands in their place.
std::vector<std::string> replace_secrets(json::Object& schema) {
    std::vector<std::string> secrets;
    json::Value* members = schema.if_contains("properties");
    if (members == nullptr || !members->is_object()) {
        return secrets;
    }
    for (auto& [name, member] : members->get_object()) {
        if (is_marked(member)) {
            secrets.emplace_back(name);
            member = json::Object{{"x-secret", true}};
        }
    }
    return secrets;
}

std::string pointer_to(std::string_view member) { return "/" + std::string(member); }

}  // namespace

Result<SettingsSchema> SettingsSchema::compile(json::Value schema) {
    if (!schema.is_object()) {
        return refused("it is not an object");
    }
    json::Object& object = schema.get_object();
    if (const json::Value* type = object.if_contains("type"); type != nullptr && json::text(*type) != "object") {
        return refused("settings are an object");
    }
    object["type"] = "object";
    object.emplace("additionalProperties", false);  // PLUGIN-ABI.md 2.9
    SettingsSchema made;
    made.secrets_ = replace_secrets(object);
    if (count_marks(schema) != made.secrets_.size()) {
        return refused("`x-secret` may only be true, at a direct member of type string");
    }
    TRY(made.schema_, json::Schema::compile(schema));
    return made;
}

bool SettingsSchema::is_secret(std::string_view member) const {
    return std::find(secrets_.begin(), secrets_.end(), member) != secrets_.end();
}

std::vector<SettingsSchema::Problem> SettingsSchema::problems(const json::Object& settings) const {
    std::vector<Problem> found;
    for (const auto& [name, value] : settings) {
        if (is_secret(name) && !config::is_secret_reference(value)) {
            found.push_back({pointer_to(name), "`" + std::string(name) +
                                                   "` is a secret: write where it lies, { file = \"...\" }, "
                                                   "{ env = \"...\" } or { secret = \"CONNECTOR:path#field\" }, not its value"});
        } else if (!is_secret(name) && config::is_secret_reference(value) && schema_) {
            found.push_back({pointer_to(name), "`" + std::string(name) + "` is not a secret: write its value"});
        }
    }
    if (!schema_) {
        for (const auto& [name, value] : settings) {
            found.push_back({pointer_to(name), "`" + std::string(name) + "` is unknown: this plugin has no settings"});
        }
        return found;
    }
    for (const json::Violation& violation : schema_->violations(settings)) {
        const bool told = std::any_of(found.begin(), found.end(),
                                      [&](const Problem& problem) { return problem.pointer == violation.pointer; });
        if (!told) {
            found.push_back({violation.pointer, violation.message});
        }
    }
    return found;
}

Result<json::Object> SettingsSchema::plain(const json::Object& settings) const {
    if (!schema_) {
        return json::Object();
    }
    TRY(json::Value whole, schema_->with_defaults(settings));
    for (const std::string& secret : secrets_) {
        whole.get_object().erase(secret);
    }
    return std::move(whole.get_object());
}

}  // namespace quell::plugins
