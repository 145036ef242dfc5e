// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/content_replies.hpp"

#include "json/error_document.hpp"
#include "json/parse.hpp"
#include "json/serialize.hpp"
#include "json/slice.hpp"
#include "mcp/client_capabilities.hpp"
#include "mcp/content_results.hpp"
#include "plugins/outcome.hpp"

namespace quell::mcp {
namespace {

using plugins::ContentReply;

// What may be kept: a resource's content, by the same caller, not at all (it may be a secret, and nobody tells when it changes).
std::string_view caching_of(const ContentCall& call) {
    return call.rpc_method == "resources/read" ? R"(,"ttlMs":0,"cacheScope":"private")" : "";
}

std::string serialized(std::string_view text) { return json::serialize(json::Value(text)); }

http::Response tool_failure(const ContentCall& call, const Error& error) {
    return http::json(200, result_message(call.id, complete_result(call.era, error_tool_result(error), call.services.server_info)));
}

http::Response not_found(const ContentCall& call) {
    const bool is_resource = call.rpc_method == "resources/read";
    RpcError error{.http_status = 200,
                   .code = RpcCode::invalid_params,
                   .message = is_resource ? "There is no such resource." : "There is no prompt of that name."};
    if (is_resource) {
        error.data["uri"] = call.name;
        error.code = call.era == Era::sessions ? RpcCode::resource_not_found : RpcCode::invalid_params;
    }
    return error_answer(call.id, error);
}

// What may not be asked of this client; nothing if all may.
std::optional<json::Object> missing_for_questions(const ContentCall& call, const std::string& requests) {
    const auto document = json::parse(requests);
    if (!document) {
        return std::nullopt;
    }
    for (const auto& [key, value] : document->get_object()) {
        const json::Object& request = value.get_object();
        const json::Value* params = request.if_contains("params");
        if (auto missing = missing_for(json::text(request.at("method")), params == nullptr ? nullptr : params->if_object(),
                                       call.capabilities)) {
            return missing;
        }
    }
    return std::nullopt;
}

std::string server_meta(const ContentCall& call) {
    return R"(,"_meta":{"io.modelcontextprotocol/serverInfo":)" + call.services.server_info + "}}";
}

}  // namespace

std::string result_message(std::string_view id, std::string_view result) {
    std::string out;
    out.reserve(id.size() + result.size() + 48);
    out += R"({"jsonrpc":"2.0","id":)";
    out += id;
    out += R"(,"result":)";
    out += result;
    return out += "}";
}

http::Response error_answer(std::string_view id, const RpcError& error) {
    const auto parsed = json::parse(id);
    return http::json(error.http_status, error_reply(parsed ? &*parsed : nullptr, error));
}

http::Response reply_response(const ContentCall& call, const ContentReply& reply) {
    if (reply.kind == ContentReply::Kind::error) {
        return http::json(200, R"({"jsonrpc":"2.0","id":)" + call.id + R"(,"error":)" + error_object(reply) + "}");
    }
    return http::json(200, result_message(call.id, complete_result(call.era, reply.text, call.services.server_info, caching_of(call))));
}

http::Response error_response(const ContentCall& call, const Error& error) {
    if (call.tool != nullptr) {
        return tool_failure(call, error);
    }
    if (error->code == Code::not_found) {
        return not_found(call);
    }
    return error_answer(call.id, {.http_status = 200,
                                  .code = RpcCode::internal_error,
                                  .message = error->message,
                                  .data = json::error_document(error)});
}

http::Response questions_response(const ContentCall& call, const ContentReply& reply) {
    if (auto missing = missing_for_questions(call, reply.text)) {
        return missing_capabilities(call.era, call.id, call.name, *std::move(missing));
    }
    std::string result = R"({"resultType":"input_required","inputRequests":)" + reply.text;
    if (reply.state) {
        result += R"(,"requestState":)" + serialized(call.services.states.seal(*reply.state, call.binding(), wall_now()));
    }
    return http::json(200, result_message(call.id, result + server_meta(call)));
}

http::Response task_response(const ContentCall& call, const ContentReply& reply) {
    if (!call.task_allowed) {
        return tool_failure(call, plugins::bad_result("it answered with a task where none was allowed"));
    }
    Tasks::Begun begun{.caller = call.caller,
                       .connector = call.connector->key(),
                       .tool = call.name,
                       .read_only = call.is_read_only(),
                       .capabilities = call.capabilities};
    const auto task = call.services.tasks.begin(std::move(begun), reply, wall_now());
    if (!task) {
        return tool_failure(call, Error(Code::resource_exhausted, "rate_limited", "You have too many tasks that are not done.").retryable(60));
    }
    return http::json(200, result_message(call.id, R"({"resultType":"task",)" + *task + server_meta(call)));
}

http::Response missing_capabilities(Era era, std::string_view id, const std::string& name, json::Object missing) {
    const std::string message = "`" + name.substr(0, 128) + "` needs a client with these capabilities: " + json::serialize(missing) + ".";
    if (era == Era::sessions) {
        const Error error(Code::failed_precondition, "action_not_supported", message);
        return http::json(200, result_message(id, error_tool_result(error)));
    }
    return error_answer(id, {.http_status = 400,
                             .code = RpcCode::missing_capability,
                             .message = message,
                             .data = {{"requiredCapabilities", std::move(missing)}}});
}

Result<void> check_output(const plugins::ContentTool& tool, const std::string& result) {
    const auto is_error = json::member_text(result, "isError");
    if (!tool.output || (is_error && *is_error == "true")) {
        return {};
    }
    const auto text = json::member_text(result, "structuredContent");
    const auto content = text ? json::parse(*text) : Result<json::Value>(plugins::bad_result("structuredContent is missing"));
    if (!content) {
        return plugins::bad_result("structuredContent is missing, though the tool has an outputSchema");
    }
    const auto problems = tool.output->violations(*content, 1);
    return problems.empty() ? Result<void>() : Result<void>(plugins::bad_result("structuredContent: " + problems.front().message));
}

}  // namespace quell::mcp
