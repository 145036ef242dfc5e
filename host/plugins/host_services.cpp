// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/host_services.hpp"

#include "base/clock.hpp"
#include "plugins/http_service.hpp"
#include "plugins/instance.hpp"
#include "plugins/mcp_event.hpp"
#include "plugins/plugin_log.hpp"
#include "plugins/runner/abi_tables.hpp"
#include "plugins/runner/frame.hpp"

namespace quell::plugins {
namespace {

constexpr std::uint64_t kMaxHeaders = 256;

Outcome bad(const char* why) { return {.kind = Outcome::Kind::bad_result, .text = why}; }

// --- quell.call/1

void reply(quell_call* call, quell_str json) {
    call->call.conclude(json.size > kMaxBody ? bad("the reply is larger than 8 MiB")
                                             : Outcome{.kind = Outcome::Kind::reply, .text = std::string(view(json))});
}

void reply_secret(quell_call* call, quell_str bytes) {
    call->call.conclude(bytes.size > kMaxBody
                            ? bad("the reply is larger than 8 MiB")
                            : Outcome{.kind = Outcome::Kind::secret, .text = std::string(view(bytes))});
}

Failure read_failure(const quell_error* error) {
    if (error == nullptr || !QUELL_HAS(error, quell_error, message)) {
        return {.message = "The plugin failed without saying why."};
    }
    Failure failure;
    failure.status = read_status(error->status);
    failure.message = view(error->message).substr(0, kMaxHead);
    if (QUELL_HAS(error, quell_error, http_status)) {
        failure.provider_code = view(error->provider_code).substr(0, kMaxHead);
        failure.retry_after_ms = error->retry_after_ms;
        failure.http_status = error->http_status;
    }
    return failure;
}

void fail(quell_call* call, const quell_error* error) {
    call->call.conclude({.kind = Outcome::Kind::failure, .failure = read_failure(error)});
}

std::int32_t is_cancelled(quell_call* call) { return call->call.is_over() ? 1 : 0; }

std::int64_t deadline_unix_ms(quell_call* call) { return call->call.deadline_unix_ms; }

quell_str request_id(quell_call* call) { return borrow(call->call.options.request_id); }

std::int32_t mode(quell_call* call) { return call->read_only ? QUELL_MODE_READ_ONLY : QUELL_MODE_NORMAL; }

// --- quell.log/1

void write_log(quell_host* host, quell_call* call, std::int32_t level, quell_str message, quell_str fields) {
    host->instance.log->write({.level = level,
                               .message = view(message),
                               .fields = view(fields),
                               .instance = &host->instance,
                               .request_id = call != nullptr ? call->call.options.request_id : std::string_view(),
                               .trace_id = call != nullptr ? call->call.options.trace.trace_id() : std::string_view()});
}

// --- quell.clock/1

std::int64_t now_unix_ms(quell_host*) { return unix_millis(wall_now()); }

std::int32_t sleep_ms(quell_call* call, std::uint64_t duration) {
    constexpr std::uint64_t kDay = 24ULL * 60 * 60 * 1000;
    if (!call->call.sleep(Millis(static_cast<std::int64_t>(std::min(duration, kDay))))) {
        return QUELL_CANCELLED;
    }
    return call->call.is_over() ? QUELL_DEADLINE_EXCEEDED : QUELL_OK;
}

// --- quell.http/1

std::int32_t sink_error(const quell_http_sink& sink, const Error& error) {
    const quell_error made = {.size = sizeof(quell_error),
                              .status = static_cast<std::int32_t>(error->code),
                              .message = borrow(error->message),
                              .provider_code = borrow(""),
                              .retry_after_ms = error->retry_after_seconds < 0 ? -1 : error->retry_after_seconds * 1000,
                              .http_status = 0,
                              .reserved = 0};
    sink.error(sink.context, &made);
    return made.status;
}

std::int32_t sink_response(const quell_http_sink& sink, const egress::HttpResponse& response) {
    std::vector<quell_header> headers;
    headers.reserve(response.headers.size());
    for (const auto& header : response.headers) {
        headers.push_back({borrow(header.name), borrow(header.value)});
    }
    const quell_http_response made = {.size = sizeof(quell_http_response),
                                      .status = response.status,
                                      .headers = headers.data(),
                                      .header_count = headers.size(),
                                      .body = borrow(response.body)};
    sink.response(sink.context, &made);
    return QUELL_OK;
}

std::int32_t http_request(quell_call* call, const quell_http_request* request, const quell_http_sink* sink) {
    if (!QUELL_HAS(request, quell_http_request, max_response_bytes) || request->header_count > kMaxHeaders ||
        request->body.size > kMaxBody) {
        return sink_error(*sink, invalid_arguments("The plugin's HTTP request is not well formed."));
    }
    const auto response = perform_http(call->call, read_http_request(*request), call->read_only);
    return response ? sink_response(*sink, *response) : sink_error(*sink, response.error());
}

// --- quell.mcp/1

std::int32_t notify(quell_host* host, quell_call* call, quell_str event) {
    if (event.size > kMaxEvent) {
        return QUELL_INVALID_ARGUMENT;
    }
    tell(host->instance, call != nullptr ? &call->call : nullptr, view(event));
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

}  // namespace quell::plugins
