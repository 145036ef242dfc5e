// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/bridge_message.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "json/parse.hpp"
#include "json/serialize.hpp"

namespace quell::cli {
namespace {

constexpr std::string_view kVersionKey = "io.modelcontextprotocol/protocolVersion";

std::string_view text_of(const json::Object* object, std::string_view name) {
    const json::Value* value = object == nullptr ? nullptr : object->if_contains(name);
    return value == nullptr ? std::string_view() : json::text(*value);
}

const json::Object* object_of(const json::Object* object, std::string_view name) {
    const json::Value* value = object == nullptr ? nullptr : object->if_contains(name);
    return value == nullptr ? nullptr : value->if_object();
}

std::string id_of(const json::Object* object, std::string_view name) {
    const json::Value* value = object == nullptr ? nullptr : object->if_contains(name);
    return value == nullptr || value->is_null() ? std::string() : json::serialize(*value);
}

std::string_view name_of(std::string_view method, const json::Object* params) {
    if (method == "tools/call" || method == "prompts/get") {
        return text_of(params, "name");
    }
    if (method == "resources/read") {
        return text_of(params, "uri");
    }
    return method.starts_with("tasks/") ? text_of(params, "taskId") : std::string_view();
}

}  // namespace

std::optional<BridgeMessage> BridgeMessage::parse(std::string_view line) {
    const auto document = json::parse(line, {.bytes = std::size_t{16} << 20, .depth = 64, .values = 1'000'000});
    if (!document || !document->is_object()) {
        return std::nullopt;
    }
    const json::Object& members = document->get_object();
    const json::Object* params = object_of(&members, "params");
    BridgeMessage message;
    message.text = line;
    message.id = id_of(&members, "id");
    message.method = text_of(&members, "method");
    message.version = text_of(object_of(params, "_meta"), kVersionKey);
    message.name = name_of(message.method, params);
    if (message.method == "notifications/cancelled") {
        message.cancels = id_of(params, "requestId");
    }
    return message;
}

std::string header_value(std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; }) &&
                       !text.starts_with(' ') && !text.ends_with(' ') && !text.starts_with("=?");
    return plain ? std::string(text) : "=?base64?" + to_base64(text) + "?=";
}

std::string error_answer(std::string_view id, int code, std::string_view message) {
    const json::Object error = {{"code", code}, {"message", message}};
    return R"({"jsonrpc":"2.0",)" + (id.empty() ? std::string() : R"("id":)" + std::string(id) + ",") + R"("error":)" +
           json::serialize(error) + "}";
}

std::string on_one_line(std::string_view json) {
    std::string line(json);
    std::replace_if(line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return line;
}

}  // namespace quell::cli
