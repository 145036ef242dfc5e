// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/endpoint.hpp"

#include <algorithm>
#include <chrono>

#include "http/accept.hpp"
#include "http/ready.hpp"
#include "http/spare_text.hpp"
#include "identity/challenge.hpp"
#include "json/error_document.hpp"
#include "json/parse.hpp"
#include "json/serialize.hpp"

namespace quell::mcp {
namespace {

constexpr std::string_view kInstructions =
    "Quell contains devices and ends sessions during an incident. List the capabilities first, try with dry_run, "
    "then act. A refusal says in `error` what is missing, what is allowed and the next step.";
constexpr int kListTtlMs = 60'000;

http::Response reply_error(const json::Value* id, const RpcError& error) {
    return http::json(error.http_status, error_reply(id, error));
}

std::string all_scopes() {
    return identity::ScopeSet::all().to_string();
}

http::Response unauthorized(std::string challenge) {
    http::Response response = http::text(401, "This address needs a bearer token; WWW-Authenticate says where to get one.\n");
    response.headers.emplace_back("WWW-Authenticate", std::move(challenge));
    return response;
}

http::Response accepted() {
    return {.status = 202};
}

// "https://host:port/path" to "https://host:port".
std::string origin_of(std::string_view url) {
    const auto host = url.find("://");
    const auto path = host == std::string_view::npos ? host : url.find('/', host + 3);
    return std::string(url.substr(0, path));
}

// The members that close a stateless result: every result has a type, and says who answers.
std::string result_tail(Era era, const std::string& server_info) {
    if (era == Era::sessions) {
        return "}";
    }
    return R"(,"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":)" + server_info + "}}";
}

// The document twice, as structure and as the text that older clients read.
std::string tool_reply(const json::Value& id, std::string_view document, bool is_error, std::string_view tail) {
    std::string out = http::take_spare_text();
    out.reserve(document.size() * 3 + tail.size() + 256);  // quoting hardly ever doubles it
    begin_reply(out, id);
    out += R"({"content":[{"type":"text","text":)";
    json::append_quoted(out, document);
    out += R"(}],"structuredContent":)";
    out += document;
    out += is_error ? R"(,"isError":true)" : R"(,"isError":false)";
    out += tail;
    out += '}';
    return out;
}

RpcError unknown_tool() {
    return {.http_status = 200,
            .code = RpcCode::invalid_params,
            .message = "There is no tool of that name; tools/list names those that your token may use."};
}

RpcError unknown_method(Era era) {
    // MC-11: the stateless era answers 404; an older client expects the error in a 200.
    return {.http_status = era == Era::stateless ? 404U : 200U,
            .code = RpcCode::method_not_found,
            .message = "This server does not know that method."};
}

// The caller's trace: the header's, or else `_meta.traceparent` (MCP 2026-07-28). One that is malformed or repeated is
// not continued; a new one begins, so that the call can be followed from here (W3C Trace Context 4.3).
TraceContext trace_of(const http::Request& request, const Message& message) {
    const json::Object* meta = message.meta();
    const json::Value* inner = meta ? meta->if_contains("traceparent") : nullptr;
    const std::size_t headers = request.count("traceparent");
    if (headers == 0 && inner == nullptr) {
        return {};
    }
    const std::string_view given = headers > 0 ? request.find("traceparent") : json::text(*inner);
    const auto context = headers > 1 ? std::nullopt : TraceContext::parse(given);
    return context ? *context : TraceContext::begin();
}

// `meter` is null where nobody measures.
void count(ToolMeter* meter, const identity::Principal& caller, Code code, std::chrono::steady_clock::time_point begin) {
    if (meter != nullptr) {
        meter->finished(caller.tenant, code, std::chrono::steady_clock::now() - begin);
    }
}

}  // namespace

Endpoint::Endpoint(EndpointOptions options, CallerCheck check, PresentTools tools)
    : options_(std::move(options)),
      check_(std::move(check)),
      tools_(std::move(tools)),
      server_info_(json::serialize(
          json::Object{{"name", "quell"}, {"title", "Quell"}, {"version", options_.version}})) {
    options_.allowed_origins.push_back(origin_of(options_.public_url));
}

void Endpoint::add_routes(http::Router& router) {
    router.add("POST", "/mcp", [this](const http::Request& request) { return handle(request); });
}

http::Answer Endpoint::handle(const http::Request& request) const {
    // MC-02: a browser page of another origin must not reach a local server (DNS rebinding).
    if (const auto origin = request.find("Origin"); !origin.empty() && !is_allowed(origin)) {
        co_return http::text(403, "This Origin may not use the server.\n");
    }
    Result<identity::Principal> caller = check_(request);
    if (!caller) {
        co_return refuse_caller(caller.error());
    }
    if (!request.has_content_type("application/json")) {
        co_return http::text(415, "The body must be application/json.\n");
    }
    if (!http::accepts_json(request.find("Accept"))) {
        co_return http::text(406, "The answer is application/json; Accept must allow it.\n");
    }
    json::Arena arena(request.scratch.data(), request.scratch.size());
    const auto document = json::parse(request.body, {}, &arena);
    if (!document) {
        co_return reply_error(nullptr, {.code = RpcCode::parse_error, .message = document.error()->message});
    }
    const auto message = read_message(*document);
    if (!message) {
        co_return reply_error(nullptr, message.error());
    }
    const Era era = era_of(request, *message);
    if (const auto failure = check_claims(era, request, *message)) {
        co_return reply_error(message->id, *failure);
    }
    if (!message->is_request()) {
        co_return accepted();
    }
    caller->trace = trace_of(request, *message);
    const auto tools = tools_();
    const Call call{request, *message, *caller, *tools, era};
    co_return co_await dispatch(call);
}

bool Endpoint::is_allowed(std::string_view origin) const {
    const auto& allowed = options_.allowed_origins;
    return std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
}

// What is missing or not taken is the caller's matter (401); a store that cannot be asked is ours (503).
http::Response Endpoint::refuse_caller(const Error& error) const {
    if (error->key == "credential_missing") {
        return unauthorized(identity::bearer_challenge(options_.public_url, all_scopes()));
    }
    if (error->code == Code::unauthenticated) {
        return unauthorized(identity::invalid_token_challenge(options_.public_url, all_scopes()));
    }
    return http::json(503, json::serialize(json::error_document(error)));
}

http::Answer Endpoint::dispatch(const Call& call) const {
    return call.message.method == "tools/call" ? call_tool(call) : http::ready(answer_at_once(call));
}

http::Response Endpoint::answer_at_once(const Call& call) const {
    const std::string_view method = call.message.method;
    if (method == "tools/list") {
        return list_tools(call);
    }
    if (method == "server/discover" && call.era == Era::stateless) {
        return discover(call);
    }
    if (method == "initialize" && call.era == Era::sessions) {
        return initialize(call);
    }
    if (method == "ping" && call.era == Era::sessions) {
        return http::json(200, result_reply(*call.message.id, "{}"));
    }
    return reply_error(call.message.id, unknown_method(call.era));
}

http::Response Endpoint::initialize(const Call& call) const {
    const json::Value* asked = call.message.params ? call.message.params->if_contains("protocolVersion") : nullptr;
    const std::string_view version = asked ? json::text(*asked) : std::string_view{};
    const bool known = std::find(kSessionVersions.begin(), kSessionVersions.end(), version) != kSessionVersions.end();
    const std::string chosen(known ? version : kSessionVersions.front());
    const std::string result = R"({"protocolVersion":")" + chosen + R"(","capabilities":{"tools":{}},"serverInfo":)" +
                               server_info_ + R"(,"instructions":)" + json::serialize(json::Value(kInstructions)) + "}";
    return http::json(200, result_reply(*call.message.id, result));
}

http::Response Endpoint::discover(const Call& call) const {
    json::Array versions{kStatelessVersion};
    for (const std::string_view version : kSessionVersions) {
        versions.emplace_back(version);
    }
    const std::string result = R"({"supportedVersions":)" + json::serialize(json::Value(versions)) +
                               R"(,"capabilities":{"tools":{}},"instructions":)" +
                               json::serialize(json::Value(kInstructions)) + R"(,"ttlMs":)" +
                               std::to_string(kListTtlMs) + R"(,"cacheScope":"private")" +
                               result_tail(call.era, server_info_);
    return http::json(200, result_reply(*call.message.id, result));
}

http::Response Endpoint::list_tools(const Call& call) const {
    if (call.message.params && call.message.params->contains("cursor")) {
        // All tools fit on one page, so no cursor of ours exists.
        return reply_error(call.message.id,
                           {.http_status = 200, .code = RpcCode::invalid_params, .message = "This cursor is not known."});
    }
    std::string result = R"({"tools":)" + call.tools.list(call.caller);
    if (call.era == Era::stateless) {
        // The list depends on the token's scopes and tenant, so no shared cache may keep it.
        result += R"(,"ttlMs":)" + std::to_string(kListTtlMs) + R"(,"cacheScope":"private")";
    }
    return http::json(200, result_reply(*call.message.id, result + result_tail(call.era, server_info_)));
}

http::Response Endpoint::insufficient_scope(const Call& call, const Tool& tool) const {
    options_.note_refusal(call.caller, tool, "insufficient_scope");
    const std::string scope(identity::to_string(tool.scope));
    http::Response response =
        reply_error(call.message.id, {.http_status = 403,
                                      .code = RpcCode::forbidden,
                                      .message = "The token lacks the scope " + scope + "."});
    response.headers.emplace_back("WWW-Authenticate",
                                  identity::insufficient_scope_challenge(options_.public_url, scope));
    return response;
}

http::Answer Endpoint::call_tool(const Call& call) const {
    const auto begin = std::chrono::steady_clock::now();
    const json::Object* params = call.message.params;
    const json::Value* name = params ? params->if_contains("name") : nullptr;
    const json::Value* arguments = params ? params->if_contains("arguments") : nullptr;
    if (!name || !name->is_string() || (arguments && !arguments->is_object())) {
        return http::ready(
            reply_error(call.message.id, {.http_status = 200,
                                          .code = RpcCode::invalid_params,
                                          .message = "tools/call needs `name`, a string, and `arguments`, an object."}));
    }
    const Tool* tool = call.tools.find(json::text(*name));
    if (!tool) {
        count(call.tools.meter_of_unknown(), call.caller, Code::not_found, begin);
        return http::ready(reply_error(call.message.id, unknown_tool()));
    }
    if (!call.caller.scopes.has(tool->scope)) {
        count(tool->meter.get(), call.caller, Code::permission_denied, begin);
        return http::ready(insufficient_scope(call, *tool));
    }
    static const json::Value kNoArguments = json::Object();  // clients may leave `arguments` out
    return run_tool(call, *tool, arguments ? *arguments : kNoArguments);
}

http::Answer Endpoint::run_tool(const Call& call, const Tool& tool, const json::Value& arguments) const {
    const auto begin = std::chrono::steady_clock::now();
    std::stop_source gone(std::nostopstate);
    // In the stateless era a closed stream is a cancel; in the older one it is not (MC-14).
    if (call.era == Era::stateless && call.request.watch) {
        gone = std::stop_source();
        call.request.watch->on_gone([gone]() mutable { gone.request_stop(); });
    }
    Result<std::string> outcome = std::string();
    if (const Result<void> valid = tool.arguments.check(arguments); !valid) {
        options_.note_refusal(call.caller, tool, valid.error()->key);
        outcome = Error(valid.error());
    } else {
        outcome = co_await tool.run(call.caller, arguments.get_object(), gone.get_token());
    }
    count(tool.meter.get(), call.caller, outcome ? Code::ok : outcome.error()->code, begin);
    const bool is_error = !outcome;
    const std::string document =
        is_error ? json::serialize(json::error_document(outcome.error())) : *std::move(outcome);
    co_return http::json(200, tool_reply(*call.message.id, document, is_error, result_tail(call.era, server_info_)));
}

}  // namespace quell::mcp
