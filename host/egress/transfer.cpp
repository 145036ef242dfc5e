// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/transfer.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "egress/curl_failure.hpp"

namespace quell::egress {
namespace {

constexpr std::size_t kMostHeaderBytes = 64 * 1024;
constexpr std::size_t kMostHeaderLines = 100;
constexpr int kMostAttempts = 2;
constexpr long kConnectMillis = 10'000;

void wipe(char* data, std::size_t size) {
    explicit_bzero(data, size);
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

std::string_view trim(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

bool has_header(const std::vector<Header>& headers, std::string_view lower_name) {
    return std::ranges::any_of(headers, [&](const Header& header) {
        return std::ranges::equal(header.name, lower_name, {}, lower);
    });
}

}  // namespace

Transfer::Transfer(HttpRequest request, const RequestPolicy& policy)
    : request_(std::move(request)), policy_(policy) {}

Transfer::~Transfer() {
    wipe(request_.body.data(), request_.body.size());
    for (Header& header : request_.headers) {
        wipe(header.value.data(), header.value.size());
    }
    for (curl_slist* line = headers_.get(); line != nullptr; line = line->next) {
        wipe(line->data, std::strlen(line->data));
    }
    wipe(response_.body.data(), response_.body.size());
}

HttpResult Transfer::wait(const std::stop_token& cancel) {
    std::unique_lock lock(mutex_);
    const auto ended = [this] { return outcome_.has_value(); };
    if (changed_.wait_until(lock, cancel, policy_.deadline, ended)) {
        return {.response = *std::move(outcome_), .sent_to_provider = sent_};
    }
    abandoned_ = true;
    const std::string& host = request_.url.host();
    return {.response = cancel.stop_requested() ? caller_gone(host) : deadline_passed(host),
            .sent_to_provider = sent_};
}

bool Transfer::is_abandoned() const {
    const std::lock_guard lock(mutex_);
    return abandoned_;
}

Result<void> Transfer::prepare(const HttpClientOptions& options) {
    easy_.reset(curl_easy_init());
    if (!easy_ || !set_transport(options) || !set_message() || !set_callbacks()) {
        return internal_error("libcurl refused an option");
    }
    return {};
}

bool Transfer::set_transport(const HttpClientOptions& options) {
    CURL* const easy = easy_.get();
    const auto set = [easy](CURLoption option, auto value) {
        return curl_easy_setopt(easy, option, value) == CURLE_OK;
    };
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        policy_.deadline - std::chrono::steady_clock::now());
    const long millis = std::max<long>(1, static_cast<long>(left.count()));
    bool good =
        set(CURLOPT_PROTOCOLS_STR, request_.url.is_https() ? "https" : "http") &&
        set(CURLOPT_FOLLOWLOCATION, 0L) && set(CURLOPT_PROXY, "") &&
        set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED)) && set(CURLOPT_NOSIGNAL, 1L) &&
        // Otherwise giving up during name resolution would block all transfers until the resolver
        // answers.
        set(CURLOPT_QUICK_EXIT, 1L) && set(CURLOPT_TIMEOUT_MS, millis) &&
        set(CURLOPT_CONNECTTIMEOUT_MS, std::min(millis, kConnectMillis)) &&
        set(CURLOPT_SSL_VERIFYPEER, 1L) && set(CURLOPT_SSL_VERIFYHOST, 2L) &&
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2)) &&
        // A directory of CAs switches libcurl's CA cache off, and each connection parses the bundle
        // again.
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr)) &&
        // On a pooled connection that proves dead libcurl sends the request again by itself.
        set(CURLOPT_FRESH_CONNECT, request_.may_repeat ? 0L : 1L);
    if (!options.ca_file.empty()) {
        good = good && set(CURLOPT_CAINFO, options.ca_file.c_str());
    }
    for (const std::string& entry : options.resolve) {
        resolve_.reset(curl_slist_append(resolve_.release(), entry.c_str()));
    }
    return good && (!resolve_ || set(CURLOPT_RESOLVE, resolve_.get()));
}

bool Transfer::add_header(const std::string& line) {
    curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) {
        return false;
    }
    (void)headers_.release();
    headers_.reset(longer);
    return true;
}

bool Transfer::set_message() {
    CURL* const easy = easy_.get();
    const auto set = [easy](CURLoption option, auto value) {
        return curl_easy_setopt(easy, option, value) == CURLE_OK;
    };
    bool good = set(CURLOPT_CURLU, request_.url.curl_handle()) && set(CURLOPT_USERAGENT, "quell") &&
                add_header("Expect:");  // no waiting for 100 (Continue)
    for (const Header& header : request_.headers) {
        // libcurl drops a header without value unless it is written with a semicolon.
        good = good && add_header(header.value.empty() ? header.name + ';'
                                                       : header.name + ": " + header.value);
    }
    if (!has_header(request_.headers, "content-type")) {
        good = good && add_header("Content-Type:");  // not libcurl's guess
    }
    good = good && set(CURLOPT_HTTPHEADER, headers_.get());
    if (request_.method == "HEAD") {
        return good && set(CURLOPT_NOBODY, 1L);
    }
    // An empty body is sent as such (Content-Length: 0) where a body is usual.
    if (request_.method.starts_with("P") || !request_.body.empty()) {
        good = good && set(CURLOPT_POSTFIELDS, request_.body.data()) &&
               set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    }
    return good && set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

bool Transfer::set_callbacks() {
    CURL* const easy = easy_.get();
    const auto set = [easy](CURLoption option, auto value) {
        return curl_easy_setopt(easy, option, value) == CURLE_OK;
    };
    return set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket) &&
           set(CURLOPT_OPENSOCKETDATA, this) &&
           set(CURLOPT_PREREQFUNCTION, &Transfer::before_request) &&
           set(CURLOPT_PREREQDATA, this) && set(CURLOPT_HEADERFUNCTION, &Transfer::take_header) &&
           set(CURLOPT_HEADERDATA, this) && set(CURLOPT_WRITEFUNCTION, &Transfer::take_body) &&
           set(CURLOPT_WRITEDATA, this) && set(CURLOPT_ERRORBUFFER, detail_.data());
}

// Every address that a name resolved to comes through here before a connection (SS-01, SS-03).
curl_socket_t Transfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept {
    auto& transfer = *static_cast<Transfer*>(self);
    if (!is_within(transfer.policy_.reach, address->addr)) {
        transfer.vetoed_ = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// Called when a connection is ready and nothing of the request has been sent; on a reused
// connection too, which another plugin with a wider reach may have opened.
int Transfer::before_request(void* self, char* peer, char*, int, int) noexcept {
    return static_cast<Transfer*>(self)->may_send(peer == nullptr ? "" : peer)
               ? CURL_PREREQFUNC_OK
               : CURL_PREREQFUNC_ABORT;
}

bool Transfer::may_send(std::string_view peer) {
    if (!is_within(policy_.reach, peer)) {
        vetoed_ = true;
        return false;
    }
    ++attempts_;
    repeat_refused_ = attempts_ > (request_.may_repeat ? kMostAttempts : 1);
    const std::lock_guard lock(mutex_);
    if (abandoned_ || repeat_refused_) {
        return false;
    }
    sent_ = true;
    return true;
}

std::size_t Transfer::take_header(char* data, std::size_t size, std::size_t count,
                                  void* self) noexcept {
    const std::string_view line(data, size * count);
    return static_cast<Transfer*>(self)->add_header_line(line) ? line.size() : 0;
}

bool Transfer::add_header_line(std::string_view line) {
    header_bytes_ += line.size();
    header_lines_ += 1;
    if (header_bytes_ > kMostHeaderBytes || header_lines_ > kMostHeaderLines) {
        too_large_ = true;
        return false;
    }
    if (line.starts_with(
            "HTTP/")) {  // also after an interim answer (1xx), whose headers do not count
        response_.headers.clear();
        headers_done_ = false;
        return true;
    }
    const std::size_t colon = line.find(':');
    if (trim(line).empty()) {
        headers_done_ = true;
    } else if (!headers_done_ &&
               colon != std::string_view::npos) {  // what follows is a trailer: dropped
        Header header{.name = std::string(line.substr(0, colon)),
                      .value = std::string(trim(line.substr(colon + 1)))};
        std::ranges::transform(header.name, header.name.begin(), lower);
        response_.headers.push_back(std::move(header));
    }
    return true;
}

std::size_t Transfer::take_body(char* data, std::size_t size, std::size_t count,
                                void* self) noexcept {
    auto& transfer = *static_cast<Transfer*>(self);
    const std::size_t bytes = size * count;
    if (bytes > transfer.policy_.max_response_bytes - transfer.response_.body.size()) {
        transfer.too_large_ = true;
        return 0;
    }
    transfer.response_.body.append(data, bytes);
    return bytes;
}

Result<HttpResponse> Transfer::outcome(CURLcode code) {
    const std::string& host = request_.url.host();
    if (vetoed_ && code != CURLE_OK) {
        return address_refused(host);
    }
    if (too_large_) {
        return answer_too_large(host);
    }
    if (repeat_refused_) {
        return answer_lost(host);
    }
    if (code == CURLE_OPERATION_TIMEDOUT && attempts_ == 0) {
        code = CURLE_COULDNT_CONNECT;  // the limit for connecting, or the deadline, which wait()
                                       // reports itself
    }
    if (code != CURLE_OK) {
        return failure_of(code, host, detail_.data());
    }
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    return std::move(response_);
}

void Transfer::finish(CURLcode code) {
    settle(outcome(code));
}

void Transfer::fail(Error error) {
    settle(std::move(error));
}

void Transfer::settle(Result<HttpResponse> response) {
    const std::lock_guard lock(mutex_);
    outcome_ = std::move(response);
    changed_.notify_all();
}

}  // namespace quell::egress
