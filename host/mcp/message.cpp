// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/message.hpp"

#include "json/serialize.hpp"
#include "json/writer.hpp"

namespace quell::mcp {
namespace {

tl::unexpected<RpcError> invalid(std::string message) {
    return tl::unexpected(RpcError{.message = std::move(message)});
}

constexpr std::size_t kLongestId = 256;  // it is kept as long as a stream or a call is

bool is_id(const json::Value& value) {
    return value.is_string() ? value.get_string().size() <= kLongestId : value.is_int64() || value.is_uint64();
}

}  // namespace

const json::Object* Message::meta() const {
    const json::Value* meta = params ? params->if_contains("_meta") : nullptr;
    return meta ? meta->if_object() : nullptr;
}

tl::expected<Message, RpcError> read_message(const json::Value& document) {
    const json::Object* object = document.if_object();
    if (!object) {
        return invalid("The body must be one JSON-RPC object; batches are not taken.");
    }
    const json::Value* version = object->if_contains("jsonrpc");
    if (!version || !version->is_string() || version->get_string() != "2.0") {
        return invalid("`jsonrpc` must be \"2.0\".");
    }
    Message message;
    message.id = object->if_contains("id");
    if (message.id && !is_id(*message.id)) {
        return invalid("`id` must be a string of at most 256 bytes or an integer.");
    }
    const json::Value* method = object->if_contains("method");
    if (!method && (object->contains("result") || object->contains("error"))) {
        message.is_response = true;
        return message;
    }
    if (!method || !method->is_string()) {
        return invalid("`method` must be a string.");
    }
    message.method = method->get_string();
    if (const json::Value* params = object->if_contains("params")) {
        message.params = params->if_object();
        if (!message.params) {
            return invalid("`params` must be an object.");
        }
    }
    return message;
}

std::string error_reply(const json::Value* id, const RpcError& error) {
    json::Object body{{"code", static_cast<int>(error.code)}, {"message", error.message}};
    if (!error.data.empty()) {
        body["data"] = error.data;
    }
    json::Object reply{{"jsonrpc", "2.0"}};
    if (id) {
        reply["id"] = *id;
    }
    reply["error"] = std::move(body);
    return json::serialize(reply);
}

std::string result_reply(const json::Value& id, std::string_view result) {
    std::string out;
    begin_reply(out, id);
    out += result;
    out += '}';
    return out;
}

void begin_reply(std::string& out, const json::Value& id) {
    out += R"({"jsonrpc":"2.0","id":)";
    json::Writer(out).value(id);
    out += R"(,"result":)";
}

}  // namespace quell::mcp
