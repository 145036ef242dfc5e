// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/param_headers.hpp"

#include <algorithm>
#include <cctype>

#include "mcp/era.hpp"

namespace quell::mcp {
namespace {

constexpr std::size_t kMostDepth = 8;

bool is_mirrored_type(const json::Object& schema) {
    const json::Value* type = schema.if_contains("type");
    const std::string_view name = type == nullptr ? std::string_view() : json::text(*type);
    return name == "string" || name == "integer" || name == "boolean";
}

// RFC 9110 5.6.2, without what nobody uses: the name goes into header fields as it is.
bool is_header_name(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
    });
}

void collect(const json::Object& schema, std::vector<std::string>& path, std::vector<ParamHeader>& out) {
    const json::Value* properties = schema.if_contains("properties");
    if (properties == nullptr || !properties->is_object() || path.size() >= kMostDepth) {
        return;
    }
    for (const auto& [name, value] : properties->get_object()) {
        const json::Object* member = value.if_object();
        if (member == nullptr) {
            continue;
        }
        path.emplace_back(name);
        const json::Value* header = member->if_contains("x-mcp-header");
        if (header != nullptr && is_header_name(json::text(*header)) && is_mirrored_type(*member)) {
            out.push_back({"Mcp-Param-" + std::string(json::text(*header)), path});
        }
        collect(*member, path, out);
        path.pop_back();
    }
}

const json::Value* find(const json::Object& arguments, const std::vector<std::string>& path) {
    const json::Object* within = &arguments;
    const json::Value* found = nullptr;
    for (const std::string& name : path) {
        found = within == nullptr ? nullptr : within->if_contains(name);
        within = found == nullptr ? nullptr : found->if_object();
    }
    return found;
}

std::string mirror_of(const json::Value& value) {
    if (value.is_string()) {
        return std::string(json::text(value));
    }
    if (value.is_bool()) {
        return value.get_bool() ? "true" : "false";
    }
    return value.is_int64() ? std::to_string(value.get_int64()) : value.is_uint64() ? std::to_string(value.get_uint64()) : "";
}

}  // namespace

std::vector<ParamHeader> param_headers(const json::Value& input_schema) {
    std::vector<ParamHeader> headers;
    std::vector<std::string> path;
    if (const json::Object* schema = input_schema.if_object()) {
        collect(*schema, path, headers);
    }
    return headers;
}

std::optional<std::string> mirrored(const ParamHeader& header, const json::Object& arguments) {
    const json::Value* value = find(arguments, header.path);
    return value == nullptr || value->is_null() ? std::nullopt : std::optional(mirror_of(*value));
}

std::optional<std::string> check_param_headers(const std::vector<ParamHeader>& headers, const http::Request& request,
                                               const json::Object& arguments) {
    for (const ParamHeader& wanted : headers) {
        const auto value = mirrored(wanted, arguments);
        if (request.count(wanted.header) != (value ? 1U : 0U)) {
            return "The header " + wanted.header + " must be there exactly where its argument is.";
        }
        if (value && decode_header(trim_header(request.find(wanted.header))) != *value) {
            return "The header " + wanted.header + " must repeat its argument.";
        }
    }
    return std::nullopt;
}

}  // namespace quell::mcp
