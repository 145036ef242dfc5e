// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/bridge_tools.hpp"

#include "json/parse.hpp"
#include "json/slice.hpp"

namespace quell::cli {
namespace {

constexpr json::Limits kLimits{.bytes = std::size_t{16} << 20, .depth = 64, .values = 1'000'000};

const json::Value* member(const json::Value* object, std::string_view name) {
    return object == nullptr || !object->is_object() ? nullptr : object->get_object().if_contains(name);
}

}  // namespace

void BridgeTools::learn(std::string_view answer) {
    const auto document = json::parse(answer, kLimits);
    const json::Value* const list = document ? member(member(&*document, "result"), "tools") : nullptr;
    if (list == nullptr || !list->is_array()) {
        return;
    }
    const std::lock_guard lock(mutex_);
    has_learned_ = true;
    for (const json::Value& tool : list->get_array()) {
        const json::Value* const name = member(&tool, "name");
        const json::Value* const schema = member(&tool, "inputSchema");
        if (name != nullptr && schema != nullptr) {
            tools_.insert_or_assign(std::string(json::text(*name)), mcp::param_headers(*schema));
        }
    }
}

void BridgeTools::forget() {
    const std::lock_guard lock(mutex_);
    has_learned_ = false;
    tools_.clear();
}

bool BridgeTools::has_learned() const {
    const std::lock_guard lock(mutex_);
    return has_learned_;
}

std::vector<egress::Header> BridgeTools::headers_for(const BridgeMessage& message) const {
    std::vector<egress::Header> headers;
    const std::lock_guard lock(mutex_);
    const auto tool = message.method == "tools/call" ? tools_.find(message.name) : tools_.end();
    if (tool == tools_.end() || tool->second.empty()) {
        return headers;
    }
    const auto document = json::parse(message.text, kLimits);
    const json::Value* const arguments = document ? member(member(&*document, "params"), "arguments") : nullptr;
    if (arguments == nullptr || !arguments->is_object()) {
        return headers;
    }
    for (const mcp::ParamHeader& wanted : tool->second) {
        if (const auto value = mcp::mirrored(wanted, arguments->get_object())) {
            headers.push_back({wanted.header, header_value(*value)});
        }
    }
    return headers;
}

BridgeMessage list_request_for(const BridgeMessage& call) {
    const auto params = json::member_text(call.text, "params");
    const auto meta = params ? json::member_text(*params, "_meta") : std::nullopt;
    BridgeMessage list;
    list.id = R"("quell-stdio")";
    list.method = "tools/list";
    list.version = call.version;
    list.text = R"({"jsonrpc":"2.0","id":)" + list.id + R"(,"method":"tools/list","params":{"_meta":)" +
                std::string(meta.value_or("{}")) + "}}";
    return list;
}

}  // namespace quell::cli
