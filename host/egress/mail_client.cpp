// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/mail_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "egress/curl_failure.hpp"

namespace quell::egress {
namespace {

constexpr long kConnectMillis = 10'000;
constexpr long kLongestMillis = 30'000;

struct Free {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, Free>;
using Lines = std::unique_ptr<curl_slist, Free>;

// What libcurl's callbacks see.
struct Upload {
    std::string_view left;
    const std::stop_token& stop;
};

std::size_t on_read(char* out, std::size_t size, std::size_t count, void* self) noexcept {
    auto& upload = *static_cast<Upload*>(self);
    const std::size_t bytes = std::min(size * count, upload.left.size());
    std::memcpy(out, upload.left.data(), bytes);
    upload.left.remove_prefix(bytes);
    return bytes;
}

int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
    return static_cast<Upload*>(self)->stop.stop_requested() ? 1 : 0;
}

std::string url_of(const MailServer& server) {
    const bool is_tls = server.security == MailServer::Security::tls;
    return (is_tls ? "smtps://" : "smtp://") + server.host + ":" + std::to_string(server.port);
}

bool set_server(CURL* easy, const MailServer& server) {
    const auto set = [easy](CURLoption option, auto value) { return curl_easy_setopt(easy, option, value) == CURLE_OK; };
    // RFC 3207: without this a server that offers no STARTTLS, or somebody in between, would get the mail in the clear.
    const long tls = server.security == MailServer::Security::none ? CURLUSESSL_NONE : CURLUSESSL_ALL;
    bool good = set(CURLOPT_URL, url_of(server).c_str()) && set(CURLOPT_PROTOCOLS_STR, "smtp,smtps") && set(CURLOPT_PROXY, "") &&
                set(CURLOPT_USE_SSL, tls) && set(CURLOPT_SSL_VERIFYPEER, 1L) && set(CURLOPT_SSL_VERIFYHOST, 2L) &&
                set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2)) && set(CURLOPT_NOSIGNAL, 1L) &&
                set(CURLOPT_CONNECTTIMEOUT_MS, kConnectMillis) && set(CURLOPT_TIMEOUT_MS, kLongestMillis);
    if (!server.username.empty()) {
        good = good && set(CURLOPT_USERNAME, server.username.c_str()) &&
               set(CURLOPT_PASSWORD, std::string(server.password.reveal()).c_str());
    }
    return good && (server.ca_file.empty() || set(CURLOPT_CAINFO, server.ca_file.c_str()));
}

bool set_mail(CURL* easy, const Mail& mail, const Lines& recipients, Upload& upload) {
    const auto set = [easy](CURLoption option, auto value) { return curl_easy_setopt(easy, option, value) == CURLE_OK; };
    return set(CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str()) && set(CURLOPT_MAIL_RCPT, recipients.get()) &&
           set(CURLOPT_UPLOAD, 1L) && set(CURLOPT_READFUNCTION, &on_read) && set(CURLOPT_READDATA, &upload) &&
           set(CURLOPT_XFERINFOFUNCTION, &on_progress) && set(CURLOPT_XFERINFODATA, &upload) && set(CURLOPT_NOPROGRESS, 0L);
}

Error without_tls(const std::string& host) {
    return Error(Code::failed_precondition, "connector_misconfigured", "The mail server " + host + " offers no STARTTLS.")
        .next_step("Turn STARTTLS on there, or use its TLS port with [smtp] tls = \"tls\".");
}

Error login_refused(const std::string& host) {
    return {Code::failed_precondition, "connector_misconfigured", "The mail server " + host + " refuses the login of [smtp]."};
}

// A reply code of the server is its own answer, whatever libcurl makes of it.
Result<int> outcome(CURL* easy, CURLcode code, const MailServer& server, const char* detail) {
    long reply = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply);
    if (code == CURLE_OK) {
        return 250;
    }
    if (code == CURLE_USE_SSL_FAILED) {
        return without_tls(server.host);
    }
    if (code == CURLE_LOGIN_DENIED) {
        return login_refused(server.host);
    }
    if (reply >= 400 && reply < 600) {
        return static_cast<int>(reply);
    }
    return failure_of(code, server.host, detail);
}

}  // namespace

Result<int> send_mail(const MailServer& server, const Mail& mail, const std::stop_token& stop) {
    static const bool is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    const std::string message = mail_message(mail);
    Upload upload{message, stop};
    const Easy easy(is_ready ? curl_easy_init() : nullptr);
    const Lines recipients(curl_slist_append(nullptr, ("<" + mail.to + ">").c_str()));
    std::array<char, CURL_ERROR_SIZE> detail{};
    const bool good = easy && recipients && set_server(easy.get(), server) && set_mail(easy.get(), mail, recipients, upload) &&
                      curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, detail.data()) == CURLE_OK;
    if (!good) {
        return internal_error("libcurl refused an option");
    }
    const CURLcode code = curl_easy_perform(easy.get());
    if (stop.stop_requested() && code != CURLE_OK) {
        return caller_gone(server.host);
    }
    return outcome(easy.get(), code, server, detail.data());
}

}  // namespace quell::egress
