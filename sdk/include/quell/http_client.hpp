// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <utility>

#include <quell/detail/services.hpp>
#include <quell/http_message.hpp>
#include <quell/result.hpp>

namespace quell::inline v1 {

// The only way out: the host checks the egress list, adds credentials, keeps the deadline and
// refuses changing requests in resolve, poll and check. Use it on the thread that runs the method.
class HttpClient {
  public:
    HttpClient(const detail::Services& services, quell_call* call)
        : services_(services), call_(call) {}

    // Any HTTP status is a value. An Error means that there is no answer: then an acting request
    // may or may not have reached the provider.
    Result<HttpResponse> send(const HttpRequest& request) const {
        Answer answer;
        const std::vector<quell_header> headers = borrowed(request.headers);
        const quell_http_request raw = to_raw(request, headers);
        const quell_http_sink sink{sizeof(quell_http_sink), 0, &answer, &on_response, &on_error};
        services_.http->request(call_, &raw, &sink);
        if (answer.error)
            return *std::move(answer.error);
        if (!answer.response)
            return internal_error("The host gave no answer to an HTTP request.");
        return *std::move(answer.response);
    }

  private:
    struct Answer {
        std::optional<HttpResponse> response;
        std::optional<Error> error;
    };

    static std::vector<quell_header> borrowed(const std::vector<HttpHeader>& headers) {
        std::vector<quell_header> raw;
        raw.reserve(headers.size());
        for (const HttpHeader& header : headers)
            raw.push_back({detail::to_str(header.name), detail::to_str(header.value)});
        return raw;
    }

    static quell_http_request to_raw(const HttpRequest& request,
                                     const std::vector<quell_header>& headers) {
        quell_http_request raw{};
        raw.size = sizeof raw;
        raw.flags = request.idempotent ? QUELL_HTTP_IDEMPOTENT : 0U;
        raw.method = detail::to_str(request.method);
        raw.url = detail::to_str(request.url);
        raw.headers = headers.data();
        raw.header_count = headers.size();
        raw.body = detail::to_str(request.body);
        raw.auth = detail::to_str(request.auth);
        raw.timeout_ms = static_cast<std::uint64_t>(request.timeout.count());
        raw.max_response_bytes = request.max_response_bytes;
        return raw;
    }

    // No exception may cross into the host (abi.h rule 9).
    static void on_response(void* context, const quell_http_response* raw) noexcept {
        auto& answer = *static_cast<Answer*>(context);
        try {
            HttpResponse response{raw->status, {}, std::string(detail::to_view(raw->body))};
            response.headers.reserve(raw->header_count);
            for (std::uint64_t index = 0; index < raw->header_count; ++index) {
                const quell_header& header = raw->headers[index];
                response.headers.push_back({std::string(detail::to_view(header.name)),
                                            std::string(detail::to_view(header.value))});
            }
            answer.response = std::move(response);
        } catch (...) {
            answer.error.emplace();
        }
    }

    static void on_error(void* context, const quell_error* raw) noexcept {
        auto& answer = *static_cast<Answer*>(context);
        try {
            Error error{static_cast<Status>(raw->status),
                        std::string(detail::to_view(raw->message)),
                        std::string(detail::to_view(raw->provider_code)), raw->http_status};
            if (raw->retry_after_ms >= 0)
                error.retry_after = std::chrono::milliseconds{raw->retry_after_ms};
            answer.error = std::move(error);
        } catch (...) {
            answer.error.emplace();
        }
    }

    const detail::Services& services_;
    quell_call* call_;
};

}  // namespace quell::inline v1
