// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/era.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "mcp/client_capabilities.hpp"

namespace quell::mcp {
namespace {

constexpr std::string_view kVersionKey = "io.modelcontextprotocol/protocolVersion";
constexpr std::string_view kCapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";
constexpr std::size_t kShortBody = 16 * 1024;  // holds no capabilities that are too long

// Versions are dates, so they compare as text.
bool is_stateless_version(std::string_view version) {
    return version.size() == kStatelessVersion.size() && version >= kStatelessVersion;
}

RpcError mismatch(std::string message) {
    return {.http_status = 400, .code = RpcCode::header_mismatch, .message = std::move(message)};
}

RpcError unsupported(std::string_view requested) {
    json::Array supported{kStatelessVersion};
    for (const std::string_view version : kSessionVersions) {
        supported.emplace_back(version);
    }
    return {.http_status = 400,
            .code = RpcCode::unsupported_version,
            .message = "This protocol version is not supported.",
            .data = {{"supported", std::move(supported)}, {"requested", requested}}};
}

// MC-12: both members are required of every stateless request.
std::optional<RpcError> check_meta(const Message& message) {
    const json::Object* meta = message.meta();
    const json::Value* version = meta ? meta->if_contains(kVersionKey) : nullptr;
    const json::Value* capabilities = meta ? meta->if_contains(kCapabilitiesKey) : nullptr;
    if (version && version->is_string() && capabilities && capabilities->is_object()) {
        return std::nullopt;
    }
    return RpcError{.http_status = 400,
                    .code = RpcCode::invalid_params,
                    .message = "`params._meta` must hold `" + std::string(kVersionKey) + "` and `" +
                               std::string(kCapabilitiesKey) + "`."};
}

// The header must repeat what the body says, so that proxies may route on it (MC-06).
std::optional<RpcError> check_mirror(const http::Request& request, std::string_view name, std::string_view expected) {
    const std::string_view raw = trim_header(request.find(name));
    const auto value = decode_header(raw);
    if (raw.empty() || request.count(name) != 1 || !value || *value != expected) {
        return mismatch("The header " + std::string(name) + " must be present once and repeat the body's value.");
    }
    return std::nullopt;
}

// The parameter that Mcp-Name repeats; empty for a method that has none.
std::string_view named_parameter(std::string_view method) {
    if (method == "tools/call" || method == "prompts/get") {
        return "name";
    }
    if (method == "resources/read") {
        return "uri";
    }
    return method == "tasks/get" || method == "tasks/update" || method == "tasks/cancel" ? "taskId" : "";
}

std::optional<RpcError> check_name(const http::Request& request, const Message& message) {
    const std::string_view parameter = named_parameter(message.method);
    if (parameter.empty()) {
        return std::nullopt;
    }
    const json::Value* name = message.params ? message.params->if_contains(parameter) : nullptr;
    const bool named = name && name->is_string();
    return check_mirror(request, "Mcp-Name", named ? std::string_view(name->get_string()) : std::string_view{});
}

std::optional<RpcError> check_stateless(const http::Request& request, const Message& message) {
    if (!message.is_request()) {
        return check_mirror(request, "Mcp-Method", message.method);
    }
    if (auto failure = check_meta(message)) {
        return failure;
    }
    if (request.body.size() > kShortBody && are_too_long(message.meta()->at(kCapabilitiesKey).get_object())) {
        return RpcError{.http_status = 400, .code = RpcCode::invalid_params, .message = "The client's capabilities are too long."};
    }
    const std::string_view version = message.meta()->at(kVersionKey).get_string();
    if (auto failure = check_mirror(request, "MCP-Protocol-Version", version)) {
        return failure;
    }
    if (version != kStatelessVersion) {
        return unsupported(version);
    }
    if (auto failure = check_mirror(request, "Mcp-Method", message.method)) {
        return failure;
    }
    return check_name(request, message);
}

// 2025-06-18 and later send the header after initialize; a missing one means 2025-03-26.
std::optional<RpcError> check_sessions(const http::Request& request, const Message& message) {
    const std::string_view version = trim_header(request.find("MCP-Protocol-Version"));
    const bool known = std::find(kSessionVersions.begin(), kSessionVersions.end(), version) != kSessionVersions.end();
    if (version.empty() || known || message.method == "initialize") {
        return std::nullopt;
    }
    return RpcError{.message = "The header MCP-Protocol-Version names a version that this server does not speak."};
}

}  // namespace

const json::Object& declared_capabilities(const Message& message) {
    return message.meta()->at(kCapabilitiesKey).get_object();
}

std::string_view trim_header(std::string_view value) {
    const auto first = value.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return value.substr(first, value.find_last_not_of(" \t") - first + 1);
}

std::optional<std::string> decode_header(std::string_view value) {
    constexpr std::string_view kOpen = "=?base64?", kClose = "?=";
    const bool encoded = value.size() >= kOpen.size() + kClose.size() && value.starts_with(kOpen) && value.ends_with(kClose);
    if (!encoded) {
        return std::string(value);
    }
    return from_base64(value.substr(kOpen.size(), value.size() - kOpen.size() - kClose.size()));
}

bool is_stateless(const http::Request& request) { return is_stateless_version(trim_header(request.find("MCP-Protocol-Version"))); }

std::string_view repeated_header(const http::Request& request) {
    for (const std::string_view name : {"MCP-Protocol-Version", "Mcp-Session-Id", "Last-Event-ID"}) {
        if (request.count(name) > 1) {
            return name;
        }
    }
    return {};
}

Era era_of(const http::Request& request, const Message& message) {
    const json::Object* meta = message.meta();
    const bool claims = is_stateless_version(trim_header(request.find("MCP-Protocol-Version"))) ||
                        (meta && meta->contains(kVersionKey)) || message.method == "server/discover";
    return claims ? Era::stateless : Era::sessions;
}

std::optional<RpcError> check_claims(Era era, const http::Request& request, const Message& message) {
    return era == Era::stateless ? check_stateless(request, message) : check_sessions(request, message);
}

}  // namespace quell::mcp
