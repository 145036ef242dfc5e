// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/client_capabilities.hpp"

#include "json/serialize.hpp"

namespace quell::mcp {
namespace {

const json::Object* object_at(const json::Object& object, std::string_view name) {
    const json::Value* value = object.if_contains(name);
    return value == nullptr ? nullptr : value->if_object();
}

}  // namespace

bool are_too_long(const json::Object& capabilities) { return json::serialize(capabilities).size() > 16 * 1024; }

bool declares_tasks(const json::Object& capabilities) {
    const json::Object* extensions = object_at(capabilities, "extensions");
    return extensions != nullptr && object_at(*extensions, kTasksExtension) != nullptr;
}

std::optional<json::Object> missing_of(const json::Object& required, const json::Object& declared) {
    json::Object missing;
    for (const auto& [name, value] : required) {
        const json::Object* wanted = value.if_object();
        const json::Object* has = object_at(declared, name);
        if (has == nullptr) {
            missing[name] = json::Value(value, json::Storage{});
        } else if (wanted != nullptr) {
            if (auto within = missing_of(*wanted, *has)) {
                missing[name] = *std::move(within);
            }
        }
    }
    return missing.empty() ? std::nullopt : std::optional(std::move(missing));
}

std::optional<json::Object> missing_for(std::string_view method, const json::Object* params, const json::Object& declared) {
    if (method == "sampling/createMessage") {
        return missing_of({{"sampling", json::Object()}}, declared);
    }
    if (method == "roots/list") {
        return missing_of({{"roots", json::Object()}}, declared);
    }
    const json::Value* mode = params == nullptr ? nullptr : params->if_contains("mode");
    const bool by_url = mode != nullptr && json::text(*mode) == "url";
    const json::Object* elicitation = object_at(declared, "elicitation");
    const bool form_is_meant = elicitation != nullptr && (elicitation->empty() || elicitation->contains("form"));
    if (!by_url && form_is_meant) {
        return std::nullopt;
    }
    return missing_of({{"elicitation", {{by_url ? "url" : "form", json::Object()}}}}, declared);
}

}  // namespace quell::mcp
