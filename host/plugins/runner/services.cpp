// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/runner/services.hpp"

#include <chrono>
#include <limits>
#include <vector>

#include "plugins/runner/abi_tables.hpp"
#include "plugins/runner/call.hpp"

namespace quell::runner {
namespace {

using plugins::borrow;
using plugins::view;

constexpr std::size_t kMaxLogLine = 8 * 1024;
constexpr std::uint64_t kMaxHeaders = 256;

// --- quell.call/1

void reply(quell_call* call, quell_str json) { call->reply(view(json)); }

void reply_secret(quell_call* call, quell_str bytes) { call->reply_secret(view(bytes)); }

void fail(quell_call* call, const quell_error* error) {
    if (error == nullptr || !QUELL_HAS(error, quell_error, message)) {
        return call->fail(QUELL_INTERNAL, "The plugin failed without saying why.");
    }
    call->fail(error->status, view(error->message), error);
}

std::int32_t is_cancelled(quell_call* call) { return call->is_over() ? 1 : 0; }

std::int64_t deadline_unix_ms(quell_call* call) { return call->deadline_unix_ms; }

quell_str request_id(quell_call* call) { return borrow(call->request_id); }

std::int32_t mode(quell_call* call) { return call->read_only ? QUELL_MODE_READ_ONLY : QUELL_MODE_NORMAL; }

// --- quell.log/1

void write_log(quell_host* host, quell_call* call, std::int32_t level, quell_str message, quell_str fields) {
    const std::string_view text = view(message).substr(0, kMaxLogLine);
    const std::string_view more = view(fields);
    Json head = {{"instance", host->instance}, {"level", level}, {"message", text}};
    if (text.size() + more.size() <= kMaxLogLine && !more.empty()) {
        head["fields"] = more;
    }
    if (call != nullptr) {
        head["call"] = call->id;
    }
    host->channel.send(plugins::FrameType::log, head);
}

// --- quell.clock/1

std::int64_t now_unix_ms(quell_host*) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::int32_t sleep_ms(quell_call* call, std::uint64_t duration) {
    constexpr std::uint64_t kDay = 24ULL * 60 * 60 * 1000;
    return call->sleep(std::chrono::milliseconds(static_cast<std::int64_t>(std::min(duration, kDay))));
}

// --- quell.http/1

Json request_head(const quell_call& call, const quell_http_request& request) {
    Json headers = Json::array();
    for (std::uint64_t i = 0; i < request.header_count; ++i) {
        headers.push_back({view(request.headers[i].name), view(request.headers[i].value)});
    }
    return {{"call", call.id},
            {"method", view(request.method)},
            {"url", view(request.url)},
            {"headers", std::move(headers)},
            {"auth", view(request.auth)},
            {"idempotent", (request.flags & QUELL_HTTP_IDEMPOTENT) != 0},
            {"timeout_ms", request.timeout_ms},
            {"max_bytes", request.max_response_bytes}};
}

std::int32_t sink_error(const quell_http_sink& sink, const Json& error) {
    const auto message = error.value("message", "");
    const auto code = error.value("provider_code", "");
    const quell_error made = {.size = sizeof(quell_error),
                              .status = error.value("status", QUELL_INTERNAL),
                              .message = borrow(message),
                              .provider_code = borrow(code),
                              .retry_after_ms = error.value("retry_after_ms", std::int64_t{-1}),
                              .http_status = 0,
                              .reserved = 0};
    sink.error(sink.context, &made);
    return made.status;
}

std::int32_t refuse(const quell_http_sink& sink, std::int32_t status, const char* message) {
    return sink_error(sink, {{"status", status}, {"message", message}});
}

std::int32_t sink_response(const quell_http_sink& sink, const HttpAnswer& answer) {
    std::vector<quell_header> headers;
    for (const auto& pair : answer.head.at("headers")) {
        headers.push_back({borrow(pair.at(0).get_ref<const std::string&>()),
                           borrow(pair.at(1).get_ref<const std::string&>())});
    }
    const quell_http_response response = {.size = sizeof(quell_http_response),
                                          .status = answer.head.at("status").get<std::int32_t>(),
                                          .headers = headers.data(),
                                          .header_count = headers.size(),
                                          .body = borrow(answer.body)};
    sink.response(sink.context, &response);
    return QUELL_OK;
}

std::int32_t http_request(quell_call* call, const quell_http_request* request, const quell_http_sink* sink) {
    if (!QUELL_HAS(request, quell_http_request, max_response_bytes) || request->header_count > kMaxHeaders) {
        return refuse(*sink, QUELL_INVALID_ARGUMENT, "The plugin's HTTP request is not well formed.");
    }
    const auto answer = call->http(request_head(*call, *request), view(request->body));
    if (!answer) {
        return refuse(*sink, QUELL_INVALID_ARGUMENT, "The plugin's HTTP request is larger than 8 MiB.");
    }
    if (const auto error = answer->head.find("error"); error != answer->head.end()) {
        return sink_error(*sink, *error);
    }
    return sink_response(*sink, *answer);
}

// --- quell.mcp/1

std::int32_t notify(quell_host* host, quell_call* call, quell_str event) {
    if (event.size > plugins::kMaxEvent) {
        return QUELL_INVALID_ARGUMENT;
    }
    Json head = {{"instance", host->instance}};
    if (call != nullptr) {
        head["call"] = call->id;
    }
    host->channel.send(plugins::FrameType::notify, head, view(event));
    return QUELL_OK;
}

const quell_call_api kCallApi = {sizeof(quell_call_api), 0,          reply, reply_secret, fail, is_cancelled,
                                 deadline_unix_ms,       request_id, mode};
const quell_log_api kLogApi = {sizeof(quell_log_api), 0, write_log};
const quell_clock_api kClockApi = {sizeof(quell_clock_api), 0, now_unix_ms, sleep_ms};
const quell_http_api kHttpApi = {sizeof(quell_http_api), 0, http_request};
const quell_mcp_api kMcpApi = {sizeof(quell_mcp_api), 0, notify};

const void* service(quell_host*, quell_str id) {
    const std::string_view name = view(id);
    if (name == "quell.call/1") {
        return &kCallApi;
    }
    if (name == "quell.log/1") {
        return &kLogApi;
    }
    if (name == "quell.clock/1") {
        return &kClockApi;
    }
    if (name == "quell.mcp/1") {
        return &kMcpApi;
    }
    return name == "quell.http/1" ? &kHttpApi : nullptr;
}

const quell_host_api kHostApi = {sizeof(quell_host_api), QUELL_ABI_MAJOR, QUELL_ABI_MINOR, 0, service};

}  // namespace

const quell_host_api& host_api() { return kHostApi; }

}  // namespace quell::runner
