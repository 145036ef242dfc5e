// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/endpoint.hpp"

#include <algorithm>
#include <chrono>

#include "http/accept.hpp"
#include "http/charset.hpp"
#include "http/ready.hpp"
#include "http/spare_text.hpp"
#include "identity/challenge.hpp"
#include "json/error_document.hpp"
#include "json/parse.hpp"
#include "json/serialize.hpp"
#include "mcp/client_capabilities.hpp"

namespace quell::mcp {
namespace {

constexpr std::string_view kInstructions =
    "Quell asks people whether it was them, contains devices and ends sessions during an incident. List the capabilities "
    "first, try with dry_run, then act. A refusal says in `error` what is missing, what is allowed and the next step.";
constexpr int kListTtlMs = 60'000;

http::Response reply_error(const json::Value* id, const RpcError& error) {
    return http::json(error.http_status, error_reply(id, error));
}

std::string usual_scopes() {
    return identity::ScopeSet::usual().to_string();
}

http::Response unauthorized(std::string challenge) {
    http::Response response = http::text(401, "This address needs a bearer token; WWW-Authenticate says where to get one.\n");
    response.headers.emplace_back("WWW-Authenticate", std::move(challenge));
    return response;
}

// "https://host:port/path" to "https://host:port".
std::string origin_of(std::string_view url) {
    const auto host = url.find("://");
    const auto path = host == std::string_view::npos ? host : url.find('/', host + 3);
    return std::string(url.substr(0, path));
}

std::string meta_tail(const std::string& server_info) {
    return R"(,"_meta":{"io.modelcontextprotocol/serverInfo":)" + server_info + "}}";
}

// The members that close a stateless result: every result has a type, and says who answers.
std::string result_tail(Era era, const std::string& server_info) {
    if (era == Era::sessions) {
        return "}";
    }
    return R"(,"resultType":"complete")" + meta_tail(server_info);
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

std::string server_info(std::string_view version) {
    return json::serialize(json::Object{{"name", "quell"}, {"title", "Quell"}, {"version", version}});
}

Endpoint::Endpoint(EndpointOptions options, CallerCheck check, PresentTools tools)
    : options_(std::move(options)), check_(std::move(check)), tools_(std::move(tools)), server_info_(server_info(options_.version)) {
    options_.allowed_origins.push_back(origin_of(options_.public_url));
}

void Endpoint::add_routes(http::Router& router) {
    router.add("POST", "/mcp", [this](const http::Request& request) { return handle(request); });
    if (options_.content != nullptr) {
        router.add("GET", "/mcp", [this](const http::Request& request) { return handle_session(request); });
        router.add("DELETE", "/mcp", [this](const http::Request& request) { return handle_session(request); });
    }
}

std::optional<http::Response> Endpoint::refuse(const http::Request& request, identity::Principal& caller) const {
    // MC-02: a browser page of another origin must not reach a local server (DNS rebinding).
    if (const auto origin = request.find("Origin"); !origin.empty() && !is_allowed(origin)) {
        return http::text(403, "This Origin may not use the server.\n");
    }
    if (const std::string_view name = repeated_header(request); !name.empty()) {
        return http::text(400, std::string(name) + " may come once.\n");
    }
    Result<identity::Principal> checked = check_(request);
    if (!checked) {
        return refuse_caller(checked.error());
    }
    caller = *std::move(checked);
    return std::nullopt;
}

http::Answer Endpoint::handle(const http::Request& request) const {
    identity::Principal caller;
    if (auto refusal = refuse(request, caller)) {
        co_return *std::move(refusal);
    }
    if (!request.has_content_type("application/json") || !http::has_utf8_charset(request.find("Content-Type"))) {
        co_return http::text(415, "The body must be application/json, in UTF-8.\n");
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
    const std::string_view session_id = era == Era::sessions && options_.content ? request.find("Mcp-Session-Id") : std::string_view{};
    const auto session = session_id.empty() ? nullptr : options_.content->sessions().find(session_id, caller);
    if (!session_id.empty() && !session && message->method != "initialize") {
        co_return reply_error(message->id, {.http_status = 404, .message = "There is no such session; initialize again."});
    }
    caller.trace = trace_of(request, *message);
    caller.peer = request.peer;
    caller.user_agent = request.find("User-Agent");
    const auto tools = tools_();
    const Call call{request, *message, caller, *tools, era, session};
    if (!message->is_request()) {
        co_return take(call, document->get_object());
    }
    co_return co_await dispatch(call);
}

bool Endpoint::is_allowed(std::string_view origin) const {
    const auto& allowed = options_.allowed_origins;
    return std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
}

// What is missing or not taken is the caller's matter (401); a store that cannot be asked is ours (503).
http::Response Endpoint::refuse_caller(const Error& error) const {
    if (error->key == "credential_missing") {
        return unauthorized(identity::bearer_challenge(options_.public_url, usual_scopes()));
    }
    if (error->code == Code::unauthenticated) {
        return unauthorized(identity::invalid_token_challenge(options_.public_url, usual_scopes()));
    }
    return http::json(503, json::serialize(json::error_document(error)));
}

http::Answer Endpoint::dispatch(const Call& call) const {
    const std::string_view method = call.message.method;
    if (method == "tools/call") {
        return call_tool(call);
    }
    if (method == "tools/list") {
        return list_tools(call);
    }
    if (options_.content != nullptr && ContentDoor::serves(method, call.era)) {
        return options_.content->answer(incoming(call));
    }
    return http::ready(answer_at_once(call));
}

http::Response Endpoint::answer_at_once(const Call& call) const {
    const std::string_view method = call.message.method;
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

std::string Endpoint::capabilities(Era era) const {
    if (options_.content == nullptr) {
        return R"({"tools":{}})";
    }
    const std::string both = R"({"tools":{"listChanged":true},"resources":{"subscribe":true,"listChanged":true},)"
                             R"("prompts":{"listChanged":true},"completions":{},"logging":{})";
    return era == Era::sessions ? both + "}" : both + R"(,"extensions":{"io.modelcontextprotocol/tasks":{}}})";
}

http::Response Endpoint::initialize(const Call& call) const {
    const json::Value* given = call.message.params ? call.message.params->if_contains("capabilities") : nullptr;
    json::Object client = given && given->is_object() ? json::Object(given->get_object(), json::Storage{}) : json::Object();
    if (are_too_long(client)) {
        return reply_error(call.message.id, {.http_status = 200,
                                             .code = RpcCode::invalid_params,
                                             .message = "The client's capabilities are too long."});
    }
    const json::Value* asked = call.message.params ? call.message.params->if_contains("protocolVersion") : nullptr;
    const std::string_view version = asked ? json::text(*asked) : std::string_view{};
    const bool known = std::find(kSessionVersions.begin(), kSessionVersions.end(), version) != kSessionVersions.end();
    const std::string chosen(known ? version : kSessionVersions.front());
    const std::string result = R"({"protocolVersion":")" + chosen + R"(","capabilities":)" + capabilities(call.era) + R"(,"serverInfo":)" +
                               server_info_ + R"(,"instructions":)" + json::serialize(json::Value(kInstructions)) + "}";
    http::Response response = http::json(200, result_reply(*call.message.id, result));
    if (options_.content != nullptr) {
        const auto session = options_.content->sessions().open(call.caller, chosen, std::move(client));
        response.headers.emplace_back("Mcp-Session-Id", session->id());
    }
    return response;
}

http::Response Endpoint::discover(const Call& call) const {
    json::Array versions{kStatelessVersion};
    for (const std::string_view version : kSessionVersions) {
        versions.emplace_back(version);
    }
    const std::string result = R"({"supportedVersions":)" + json::serialize(json::Value(versions)) +
                               R"(,"capabilities":)" + capabilities(call.era) + R"(,"instructions":)" +
                               json::serialize(json::Value(kInstructions)) + R"(,"ttlMs":)" +
                               std::to_string(kListTtlMs) + R"(,"cacheScope":"private")" +
                               result_tail(call.era, server_info_);
    return http::json(200, result_reply(*call.message.id, result));
}

http::Answer Endpoint::list_tools(const Call& call) const {
    if (call.message.params && call.message.params->contains("cursor")) {
        // All tools fit on one page, so no cursor of ours exists.
        co_return reply_error(call.message.id,
                           {.http_status = 200, .code = RpcCode::invalid_params, .message = "This cursor is not known."});
    }
    std::string plugins_tools;
    if (options_.content != nullptr) {
        if (const auto offered = co_await options_.content->content(call.caller.tenant)) {
            plugins_tools = (*offered)->tools(call.caller);
        }
    }
    // One text from the start, since it is the longest of all answers.
    std::string out = http::take_spare_text();
    begin_reply(out, *call.message.id);
    out += R"({"tools":[)";
    call.tools.append_list(out, call.caller);
    out += !plugins_tools.empty() && !out.ends_with('[') ? "," : "";
    out += plugins_tools;
    out += ']';
    if (call.era == Era::stateless) {
        // The list depends on the token's scopes and tenant, so no shared cache may keep it.
        out += R"(,"ttlMs":)" + std::to_string(kListTtlMs) + R"(,"cacheScope":"private")";
    }
    out += result_tail(call.era, server_info_);
    out += '}';
    co_return http::json(200, std::move(out));
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
    if (!tool && options_.content != nullptr) {
        return call_plugins_tool(call, json::text(*name));
    }
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

// A tool that is not the product's own: a plugin's, or nobody's.
http::Answer Endpoint::call_plugins_tool(const Call& call, std::string_view name) const {
    const auto begin = std::chrono::steady_clock::now();
    const auto offered = co_await options_.content->content(call.caller.tenant);
    const ContentSet::Tool* tool = offered ? (*offered)->find_tool(name) : nullptr;
    count(call.tools.meter_of_unknown(), call.caller, tool ? Code::ok : Code::not_found, begin);
    if (!tool) {
        co_return reply_error(call.message.id, unknown_tool());
    }
    const Incoming asked = incoming(call);
    co_return co_await options_.content->call_tool(asked, *offered, *tool);
}

// Only a client that declares the extension on this very request is answered with a task.
bool Endpoint::takes_tasks(const Call& call) const {
    return options_.content != nullptr && call.era == Era::stateless && declares_tasks(declared_capabilities(call.message));
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
    if (const auto task = outcome && takes_tasks(call) && tool.as_task ? tool.as_task(*outcome) : std::nullopt) {
        co_return http::json(200, result_reply(*call.message.id, R"({"resultType":"task",)" + *task + meta_tail(server_info_)));
    }
    const bool is_error = !outcome;
    const std::string document =
        is_error ? json::serialize(json::error_document(outcome.error())) : *std::move(outcome);
    co_return http::json(200, tool_reply(*call.message.id, document, is_error, result_tail(call.era, server_info_)));
}

}  // namespace quell::mcp
