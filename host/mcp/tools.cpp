// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/tools.hpp"

#include <algorithm>

#include "json/parse.hpp"
#include "json/serialize.hpp"

namespace quell::embedded {
extern const std::string_view tools_json;
}

namespace quell::mcp {
namespace {

// An outputSchema is the result's schema or an error document (INTERFACES.md 2): strict clients check both.
json::Value output_schema(const json::Value& result, const json::Value& error) {
    json::Object schema = result.as_object();
    json::Object result_schema = schema;
    result_schema.erase("$defs");
    json::Object definitions;
    if (const json::Value* given = schema.if_contains("$defs")) {
        definitions = given->as_object();
    }
    definitions["result"] = std::move(result_schema);
    definitions["error"] = error;
    return json::Object{{"type", "object"},
                        {"anyOf", json::Array{json::Object{{"$ref", "#/$defs/result"}}, json::Object{{"$ref", "#/$defs/error"}}}},
                        {"$defs", std::move(definitions)}};
}

Result<Tool> make_tool(const json::Object& document, const json::Object& shared, ToolBinding binding) {
    json::Object definition = document;
    const std::string output(definition.at("outputSchema").as_string());
    definition["outputSchema"] = output_schema(shared.at(output), shared.at("error"));
    TRY(json::Schema arguments, json::Schema::compile(definition.at("inputSchema")));
    return Tool{.name = std::string(document.at("name").as_string()),
                .scope = binding.scope,
                .definition = json::serialize(definition),
                .arguments = std::move(arguments),
                .is_offered = std::move(binding.is_offered),
                .run = std::move(binding.run),
                .as_task = std::move(binding.as_task)};
}

}  // namespace

Result<ToolSet> ToolSet::make(std::vector<std::pair<std::string, ToolBinding>> bindings) {
    TRY(const json::Value document, json::parse(embedded::tools_json));
    const json::Object& shared = document.as_object().at("schemas").as_object();
    ToolSet set;
    for (const json::Value& definition : document.as_object().at("tools").as_array()) {
        const std::string_view name = definition.as_object().at("name").as_string();
        const auto bound = std::find_if(bindings.begin(), bindings.end(), [&](const auto& b) { return b.first == name; });
        if (bound == bindings.end()) {
            return internal_error("no code is bound to the tool " + std::string(name));
        }
        TRY(Tool tool, make_tool(definition.as_object(), shared, std::move(bound->second)));
        set.tools_.push_back(std::move(tool));
        bindings.erase(bound);
    }
    if (!bindings.empty()) {
        return internal_error("no definition for the tool " + bindings.front().first);
    }
    return set;
}

void ToolSet::measure(metrics::Registry& registry, const std::vector<TenantId>& tenants) {
    for (Tool& tool : tools_) {
        tool.meter = std::make_shared<ToolMeter>(registry, tool.name, tenants);
    }
    unknown_ = std::make_shared<ToolMeter>(registry, "other", tenants);
}

const Tool* ToolSet::find(std::string_view name) const {
    const auto found = std::find_if(tools_.begin(), tools_.end(), [&](const Tool& tool) { return tool.name == name; });
    return found == tools_.end() ? nullptr : &*found;
}

void ToolSet::append_list(std::string& out, const identity::Principal& caller) const {
    std::string_view separator;
    for (const Tool& tool : tools_) {
        if (caller.scopes.has(tool.scope) && tool.is_offered(caller)) {
            out += separator;
            out += tool.definition;
            separator = ",";
        }
    }
}

}  // namespace quell::mcp
