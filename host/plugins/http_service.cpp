// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/http_service.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include "base/log.hpp"
#include "json/read.hpp"
#include "plugins/instance.hpp"
#include "plugins/runner/abi_tables.hpp"

namespace quell::plugins {
namespace {

constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;
constexpr std::size_t kMaxHeaders = 256;

bool refuses_credentials(const egress::RequestLine& line) {
    const bool refused = line.status == 400 || line.status == 401 || line.status == 403;
    return line.kind == egress::RequestKind::token ? refused : line.status == 401;
}

// Tells the call's owner before anything acts, and writes one log line for each exchange.
class CallObserver : public egress::Observer {
  public:
    explicit CallObserver(const Call& call) : call_(call) {}

    Result<void> before_acting_request() override {
        if (!call_.options.before_acting_request) {
            return internal_error("an acting request in a call that nobody has recorded");
        }
        return call_.options.before_acting_request();
    }

    void finished(const egress::RequestLine& line) override {
        log::Fields fields = {{"tenant", call_.instance.tenant.str()},
                              {"connector", call_.instance.connector.str()},
                              {"request_id", call_.options.request_id},
                              {"kind", egress::to_string(line.kind)},
                              {"method", line.method},
                              {"host", line.host},
                              {"path", line.path},
                              {"status", line.status},
                              {"code", to_string(line.code)},
                              {"bytes_out", line.bytes_out},
                              {"bytes_in", line.bytes_in},
                              {"ms", line.duration.count()}};
        if (!call_.options.trace.empty()) {
            fields["trace_id"] = call_.options.trace.trace_id();
        }
        log::info("plugin_http", std::move(fields));
        if (ConnectorMeters* meters = call_.instance.meters.get()) {
            meters->exchanged(line);
        }
        if (call_.instance.credentials_refused && refuses_credentials(line)) {
            call_.instance.credentials_refused();
        }
        if (call_.options.request_finished) {
            call_.options.request_finished(line);
        }
    }

    void repeating() override {
        if (ConnectorMeters* meters = call_.instance.meters.get()) {
            meters->repeated();
        }
    }

  private:
    const Call& call_;
};

// The host's word on the trace, whatever the plugin says. `tracestate` stays here: what a caller's other tools write
// into it is no provider's business.
void continue_trace(const TraceContext& trace, std::vector<egress::Header>& headers) {
    if (trace.empty()) {
        return;
    }
    std::erase_if(headers, [](const egress::Header& header) {
        return boost::algorithm::iequals(header.name, "traceparent");
    });
    headers.push_back({"traceparent", trace.child()});
}

Millis capped_millis(std::uint64_t millis) {
    return Millis(static_cast<std::int64_t>(std::min<std::uint64_t>(millis, kDayMs)));
}

Result<std::uint64_t> unsigned_member(const json::Object& head, std::string_view name) {
    TRY(const std::int64_t value, json::integer_member(head, name));
    if (value < 0) {
        return invalid_arguments("a negative number");
    }
    return static_cast<std::uint64_t>(value);
}

Result<std::vector<egress::Header>> read_headers(const json::Array& pairs) {
    std::vector<egress::Header> headers;
    if (pairs.size() > kMaxHeaders) {
        return invalid_arguments("too many headers");
    }
    for (const json::Value& pair : pairs) {
        const json::Array* both = pair.if_array();
        if (both == nullptr || both->size() != 2 || !(*both)[0].is_string() || !(*both)[1].is_string()) {
            return invalid_arguments("a header is not a pair of strings");
        }
        headers.push_back({std::string(json::text((*both)[0])), std::string(json::text((*both)[1]))});
    }
    return headers;
}

}  // namespace

Result<egress::HttpResponse> perform_http(Call& call, egress::PluginHttpRequest request, bool read_only) {
    CallObserver observer(call);
    continue_trace(call.options.trace, request.headers);
    const auto mode = read_only ? egress::Mode::read_only : egress::Mode::normal;
    const auto http = call.instance.http.get();
    if (!http) {
        return call.instance.http.closed_because();
    }
    return http->request(request, mode, call.deadline(), call.token(), observer).response;
}

egress::PluginHttpRequest read_http_request(const quell_http_request& request) {
    egress::PluginHttpRequest read;
    read.method = view(request.method);
    read.url = view(request.url);
    for (std::uint64_t i = 0; i < request.header_count; ++i) {
        read.headers.push_back(
            {std::string(view(request.headers[i].name)), std::string(view(request.headers[i].value))});
    }
    read.body = view(request.body);
    read.auth = view(request.auth);
    read.timeout = capped_millis(request.timeout_ms);
    read.max_response_bytes = request.max_response_bytes;
    read.idempotent = (request.flags & QUELL_HTTP_IDEMPOTENT) != 0;
    return read;
}

Result<egress::PluginHttpRequest> read_http_request(const json::Object& head, std::string body) {
    egress::PluginHttpRequest read;
    TRY(read.method, json::string_member(head, "method"));
    TRY(read.url, json::string_member(head, "url"));
    TRY(read.auth, json::string_member(head, "auth"));
    TRY(read.idempotent, json::bool_member(head, "idempotent"));
    TRY(const std::uint64_t timeout, unsigned_member(head, "timeout_ms"));
    TRY(read.max_response_bytes, unsigned_member(head, "max_bytes"));
    TRY(const json::Array* headers, json::array_member(head, "headers"));
    TRY(read.headers, read_headers(*headers));
    read.timeout = capped_millis(timeout);
    read.body = std::move(body);
    return read;
}

json::Object response_head(const egress::HttpResponse& response) {
    json::Array headers;
    for (const auto& header : response.headers) {
        headers.push_back(json::Array{header.name, header.value});
    }
    return {{"status", response.status}, {"headers", std::move(headers)}};
}

json::Object error_head(const Error& error) {
    const std::int64_t retry_ms = error->retry_after_seconds < 0 ? -1 : error->retry_after_seconds * 1000;
    return {{"error",
             {{"status", static_cast<std::int32_t>(error->code)},
              {"message", error->message},
              {"provider_code", ""},
              {"retry_after_ms", retry_ms}}}};
}

}  // namespace quell::plugins
