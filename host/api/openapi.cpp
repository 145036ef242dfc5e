// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "api/openapi.hpp"

#include <algorithm>

#include "json/serialize.hpp"

namespace quell::api {
namespace {

constexpr std::string_view kLocal = "#/$defs/";
constexpr std::string_view kComponents = "#/components/schemas/";
constexpr std::string_view kAbout =
    "What the MCP tools do, for machines that do not speak MCP: the same use cases, the same records, the same switches "
    "and the same audit trail. Send an access token or an API key of this server. A refusal says in `error` what is "
    "missing, what is allowed and the next step.";

json::Object ref(std::string_view name) { return {{"$ref", std::string(kComponents) + std::string(name)}}; }

// Our schemas stand side by side in the document.
json::Value with_component_refs(const json::Value& schema) {
    if (const json::Array* array = schema.if_array()) {
        json::Array out;
        for (const json::Value& item : *array) {
            out.push_back(with_component_refs(item));
        }
        return out;
    }
    if (const json::Object* object = schema.if_object()) {
        json::Object out;
        for (const auto& [name, value] : *object) {
            const bool is_ref = name == "$ref" && json::text(value).starts_with(kLocal);
            out.emplace(name, is_ref ? json::Value(std::string(kComponents) + std::string(json::text(value).substr(kLocal.size())))
                                     : with_component_refs(value));
        }
        return out;
    }
    return schema;
}

json::Object json_content(std::string_view definition) {
    return {{"application/json", json::Object{{"schema", ref(definition)}}}};
}

json::Object rate_headers() {
    json::Object headers;
    for (const std::string_view name : {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}) {
        headers.emplace(name, json::Object{{"$ref", "#/components/headers/" + std::string(name)}});
    }
    return headers;
}

json::Object answers(const Route& route) {
    return {{std::to_string(route.status),
             json::Object{{"description", route.summary}, {"headers", rate_headers()}, {"content", json_content(route.answer)}}},
            {"default", json::Object{{"description", "Refused or failed."}, {"content", json_content("Error")}}}};
}

json::Object parameter(std::string_view in, std::string_view name, bool required, json::Value schema) {
    return {{"name", name}, {"in", in}, {"required", required}, {"schema", std::move(schema)}};
}

std::vector<std::string> path_names(std::string_view path) {
    std::vector<std::string> names;
    for (std::size_t begin = path.find('{'); begin != std::string_view::npos; begin = path.find('{', begin + 1)) {
        names.emplace_back(path.substr(begin + 1, path.find('}', begin) - begin - 1));
    }
    return names;
}

json::Array parameters(const CheckedRoute& route) {
    json::Array list;
    for (const std::string& name : path_names(route.route.path)) {
        list.push_back(parameter("path", name, true, json::Object{{"type", "string"}}));
    }
    for (const auto& given : route.query) {
        json::Object entry = parameter("query", given.given.name, false, given.schema);
        entry.emplace("description", given.given.description);
        list.push_back(std::move(entry));
    }
    if (route.route.takes_idempotency_key) {
        json::Object entry = parameter("header", "Idempotency-Key", false,
                                       json::Object{{"type", "string"}, {"minLength", 1}, {"maxLength", 128}});
        entry.emplace("description", "Repeat a call safely: the same key with the same body gives the first answer and acts once.");
        list.push_back(std::move(entry));
    }
    return list;
}

// Either credential will do; the scopes are those of Quell.
json::Array security(const Route& route) {
    json::Array scopes;
    if (route.scope) {
        scopes.emplace_back(identity::to_string(*route.scope));
    }
    return {json::Object{{"bearer", scopes}}, json::Object{{"api_key", scopes}}};
}

json::Object operation(const CheckedRoute& checked) {
    const Route& route = checked.route;
    json::Object out{{"operationId", route.operation}, {"tags", json::Array{json::Value(route.tag)}}, {"summary", route.summary}};
    if (json::Array list = parameters(checked); !list.empty()) {
        out.emplace("parameters", std::move(list));
    }
    if (!route.body.empty()) {
        out.emplace("requestBody", json::Object{{"required", true}, {"content", json_content(route.body)}});
    }
    out.emplace("responses", answers(route));
    out.emplace("security", security(route));
    return out;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

json::Object paths(const RouteTable& table) {
    json::Object paths;
    for (const CheckedRoute& route : table.routes()) {
        json::Value& item = paths.emplace(route.route.path, json::Object()).first->value();
        item.as_object().emplace(lower(route.route.method), operation(route));
    }
    return paths;
}

json::Object integer_header(std::string_view description) {
    return {{"description", description}, {"schema", json::Object{{"type", "integer"}}}};
}

json::Object components(const RouteTable& table) {
    return {{"schemas", with_component_refs(table.definitions())},
            {"headers", json::Object{{"X-RateLimit-Limit", integer_header("Calls that you may make in a minute.")},
                                     {"X-RateLimit-Remaining", integer_header("What is left of them.")},
                                     {"X-RateLimit-Reset", integer_header("When the minute ends, in seconds since 1970.")}}},
            {"securitySchemes",
             json::Object{{"bearer", json::Object{{"type", "http"}, {"scheme", "bearer"}, {"description", "An access token of /oauth/token."}}},
                          {"api_key", json::Object{{"type", "apiKey"}, {"in", "header"}, {"name", "X-API-Key"},
                                                   {"description", "A user's key; also as `Authorization: Key ...`."}}}}}};
}

}  // namespace

std::string openapi_document(const RouteTable& table) {
    const json::Object info{{"title", "Quell"}, {"version", "1"}, {"description", kAbout}, {"license", json::Object{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}};
    return json::serialize(json::Object{{"openapi", "3.1.0"},
                                        {"info", info},
                                        {"servers", json::Array{json::Object{{"url", "/"}}}},
                                        {"paths", paths(table)},
                                        {"components", components(table)}});
}

}  // namespace quell::api
