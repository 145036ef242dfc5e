// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/live_request.hpp"

#include <curl/curl.h>

#include <array>
#include <charconv>
#include <memory>

#include "egress/address_veto.hpp"
#include "egress/curl_failure.hpp"

namespace quell::egress {
namespace {

constexpr long kConnectMillis = 10'000;
constexpr std::size_t kMostHeaderBytes = 64 * 1024;

struct Free {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, Free>;
using Lines = std::unique_ptr<curl_slist, Free>;

// What libcurl's callbacks see.
struct Progress {
    const LiveRequest::Answer& answer;
    const std::stop_token& stop;
    HttpResponse head{};
    std::size_t header_bytes = 0;
    bool ended_by_us = false;
};

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

std::string_view trim(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

void take_header_line(Progress& progress, std::string_view line) {
    if (line.starts_with("HTTP/")) {  // a 100 (Continue) may come before the real one
        progress.head = {};
        const std::size_t space = std::min(line.find(' '), line.size() - 1);
        std::from_chars(line.data() + space + 1, line.data() + line.size(), progress.head.status);
        return;
    }
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) {
        progress.head.headers.push_back({lower(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
    } else if (trim(line).empty() && progress.head.status >= 200) {
        progress.answer.on_head(progress.head);
    }
}

std::size_t on_header(char* data, std::size_t, std::size_t count, void* self) noexcept {
    auto& progress = *static_cast<Progress*>(self);
    progress.header_bytes += count;
    if (progress.header_bytes > kMostHeaderBytes) {
        return 0;
    }
    take_header_line(progress, {data, count});
    return count;
}

std::size_t on_body(char* data, std::size_t, std::size_t count, void* self) noexcept {
    auto& progress = *static_cast<Progress*>(self);
    progress.ended_by_us = !progress.answer.on_bytes({data, count});
    return progress.ended_by_us ? 0 : count;
}

// libcurl asks at least once a second.
int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
    return static_cast<Progress*>(self)->stop.stop_requested() ? 1 : 0;
}

Lines lines_of(const std::vector<Header>& headers) {
    Lines lines(curl_slist_append(nullptr, "Expect:"));  // no waiting for 100 (Continue)
    for (const Header& header : headers) {
        (void)curl_slist_append(lines.get(), (header.name + ": " + header.value).c_str());
    }
    return lines;
}

bool set_options(CURL* easy, const HttpRequest& request, const Lines& lines, Progress& progress) {
    const auto set = [easy](CURLoption option, auto value) {
        return curl_easy_setopt(easy, option, value) == CURLE_OK;
    };
    const bool has_body = !request.body.empty();
    return set(CURLOPT_CURLU, request.url.curl_handle()) && set(CURLOPT_CUSTOMREQUEST, request.method.c_str()) &&
           set(CURLOPT_PROTOCOLS_STR, request.url.is_https() ? "https" : "http") &&
           (!names_loopback(request.url.host()) || set(CURLOPT_PROXY, "")) && set(CURLOPT_USERAGENT, "quell") &&
           set(CURLOPT_HTTPHEADER, lines.get()) && set(CURLOPT_NOSIGNAL, 1L) &&
           set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
           set(CURLOPT_CONNECTTIMEOUT_MS, kConnectMillis) && set(CURLOPT_TCP_KEEPALIVE, 1L) &&
           set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2)) &&
           (!has_body || (set(CURLOPT_POSTFIELDS, request.body.data()) &&
                          set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size())))) &&
           set(CURLOPT_HEADERFUNCTION, &on_header) && set(CURLOPT_HEADERDATA, &progress) &&
           set(CURLOPT_WRITEFUNCTION, &on_body) && set(CURLOPT_WRITEDATA, &progress) &&
           set(CURLOPT_XFERINFOFUNCTION, &on_progress) && set(CURLOPT_XFERINFODATA, &progress) &&
           set(CURLOPT_NOPROGRESS, 0L);
}

}  // namespace

Result<void> LiveRequest::perform(const Answer& answer, const std::stop_token& stop) const {
    static const bool is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    const Easy easy(is_ready ? curl_easy_init() : nullptr);
    const Lines lines = lines_of(request_.headers);
    Progress progress{answer, stop};
    std::array<char, CURL_ERROR_SIZE> detail{};
    bool good = easy && lines && set_options(easy.get(), request_, lines, progress) &&
                curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(within_.count())) == CURLE_OK &&
                curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, detail.data()) == CURLE_OK;
    if (good && !ca_file_.empty()) {
        good = curl_easy_setopt(easy.get(), CURLOPT_CAINFO, ca_file_.c_str()) == CURLE_OK;
    }
    if (!good) {
        return internal_error("libcurl refused an option");
    }
    const CURLcode code = curl_easy_perform(easy.get());
    if (code == CURLE_OK || progress.ended_by_us) {
        return {};
    }
    return stop.stop_requested() ? caller_gone(request_.url.host())
                                 : failure_of(code, request_.url.host(), detail.data());
}

}  // namespace quell::egress
