// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "api/route_table.hpp"

#include <algorithm>

#include "json/parse.hpp"
#include "json/serialize.hpp"

namespace quell::embedded {
extern const std::string_view api_definitions;
}

namespace quell::api {
namespace {

Error built_wrong(const std::string& what) { return internal_error("the REST door: " + what); }

Result<CheckedRoute::Parameter> compile_parameter(QueryParameter parameter) {
    TRY(json::Value schema, json::parse(parameter.schema));
    TRY(json::Schema check, json::Schema::compile(schema));
    return CheckedRoute::Parameter{std::move(parameter), std::move(schema), std::move(check)};
}

}  // namespace

Result<RouteTable> RouteTable::make(std::vector<RouteGroup> groups) {
    RouteTable table;
    TRY_VOID(table.define(embedded::api_definitions));
    for (const RouteGroup& group : groups) {
        TRY_VOID(table.define(group.definitions));
    }
    for (RouteGroup& group : groups) {
        for (Route& route : group.routes) {
            TRY_VOID(table.add(std::move(route)));
        }
    }
    return table;
}

Result<void> RouteTable::define(std::string_view text) {
    TRY(const json::Value document, json::parse(text));
    for (const auto& [name, schema] : document.as_object()) {
        if (!definitions_.emplace(name, schema).second) {
            return built_wrong("the definition " + std::string(name) + " is there twice");
        }
    }
    return {};
}

Result<void> RouteTable::add(Route route) {
    const bool taken = std::any_of(routes_.begin(), routes_.end(), [&](const CheckedRoute& other) {
        return other.route.operation == route.operation;
    });
    if (taken || !route.handler) {
        return built_wrong(route.operation + " is there twice or has no code");
    }
    CheckedRoute checked;
    TRY(const json::Schema answer, compile(route.answer));
    if (!route.body.empty()) {
        TRY(checked.body, compile(route.body));
    }
    for (QueryParameter& parameter : route.query) {
        TRY(auto compiled, compile_parameter(parameter));
        checked.query.push_back(std::move(compiled));
    }
    checked.route = std::move(route);
    routes_.push_back(std::move(checked));
    return {};
}

Result<json::Schema> RouteTable::compile(const std::string& name) const {
    if (!definitions_.contains(name)) {
        return built_wrong("there is no definition " + name);
    }
    return json::Schema::compile(json::Object{{"$ref", "#/$defs/" + name}, {"$defs", definitions_}});
}

}  // namespace quell::api
