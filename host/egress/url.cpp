// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/url.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.hpp"

namespace quell::egress {
namespace {

constexpr std::size_t kMostBytes = 8 * 1024;

Error refused(std::string_view why) {
    return Error(Code::invalid_argument, "plugin_error",
                 fmt::format("The request URL is refused: {}.", why));
}

// Printable ASCII without the backslash, which some servers take for a slash.
bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F && c != '\\'; });
}

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, which, &text, flags) != CURLUE_OK) {
        return {};
    }
    std::string out(text);
    curl_free(text);
    return out;
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == ':';
}

// Names in other scripts come in as punycode, and a final dot would be a second spelling of the
// same name.
bool is_host(std::string_view host) {
    return !host.empty() && host.size() <= 253 && host.back() != '.' &&
           std::ranges::all_of(host, is_host_character);
}

// The piece as a lenient server reads it: "..;a=b" is ".." for some (path parameters).
bool is_dots(std::string_view piece) {
    const std::string_view name = piece.substr(0, piece.find(';'));
    return name == "." || name == "..";
}

// `segment` after decoding may hold further separators.
bool hides_dots(std::string_view segment) {
    while (true) {
        const std::size_t end = segment.find_first_of("/\\");
        if (is_dots(segment.substr(0, end))) {
            return true;
        }
        if (end == std::string_view::npos) {
            return false;
        }
        segment.remove_prefix(end + 1);
    }
}

Result<void> check_segment(std::string_view segment, bool last) {
    if (segment.empty() && !last) {
        return refused("its path has an empty segment (//)");
    }
    const auto decoded = percent_decode(segment, false);
    if (!decoded || std::ranges::any_of(*decoded, [](char c) { return c >= 0 && c < 0x20; })) {
        return refused("its path is not well percent-encoded");
    }
    if (hides_dots(*decoded)) {
        return refused("its path has a dot segment");
    }
    return {};
}

Result<void> check_path(std::string_view path) {
    path.remove_prefix(1);
    while (true) {
        const std::size_t end = path.find('/');
        TRY_VOID(check_segment(path.substr(0, end), end == std::string_view::npos));
        if (end == std::string_view::npos) {
            return {};
        }
        path.remove_prefix(end + 1);
    }
}

// What is decided on the text alone, before any parser.
Result<void> check_text(std::string_view text) {
    if (text.size() > kMostBytes) {
        return refused("it is longer than 8 KiB");
    }
    if (!is_plain(text)) {
        return refused("it holds spaces, backslashes, control characters or bytes beyond ASCII");
    }
    if (text.find('#') != std::string_view::npos) {
        return refused("it has a fragment");
    }
    // libcurl forgives one to three slashes; other readers would see another host.
    const std::size_t slashes = text.find("://");
    if (slashes == std::string_view::npos || text.substr(slashes + 3).starts_with('/')) {
        return refused("it is not an absolute URL");
    }
    return {};
}

std::string bare_host(std::string host) {
    std::ranges::transform(host, host.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        return host.substr(1, host.size() - 2);
    }
    return host;
}

}  // namespace

std::string join_host_and_port(std::string_view host, std::uint16_t port) {
    const bool v6 = host.find(':') != std::string_view::npos;
    return fmt::format(fmt::runtime(v6 ? "[{}]:{}" : "{}:{}"), host, port);
}

std::string Url::host_and_port() const {
    return join_host_and_port(host_, port_);
}

Result<Url> Url::at(const Url& place) const {
    const std::string query = part(parsed_.get(), CURLUPART_QUERY);
    return parse(fmt::format("{}://{}{}{}{}", place.is_https() ? "https" : "http", place.host_and_port(), path_,
                             query.empty() ? "" : "?", query));
}

Result<Url> Url::parse(std::string_view text) {
    TRY_VOID(check_text(text));
    Url url;
    url.parsed_ = std::shared_ptr<CURLU>(curl_url(), curl_url_cleanup);
    const CURLUcode code =
        curl_url_set(url.parsed_.get(), CURLUPART_URL, std::string(text).c_str(),
                     CURLU_PATH_AS_IS | CURLU_DISALLOW_USER | CURLU_NON_SUPPORT_SCHEME);
    if (code == CURLUE_USER_NOT_ALLOWED) {
        return refused("it holds credentials");
    }
    if (code != CURLUE_OK) {
        return refused("it is not an absolute URL");
    }
    const std::string scheme = part(url.parsed_.get(), CURLUPART_SCHEME);
    url.https_ = scheme == "https";
    if (!url.https_ && scheme != "http") {
        return refused("its scheme is not https");
    }
    url.host_ = bare_host(part(url.parsed_.get(), CURLUPART_HOST));
    if (!is_host(url.host_) || !part(url.parsed_.get(), CURLUPART_ZONEID).empty()) {
        return refused("its host is not a name or an address");
    }
    const std::string port = part(url.parsed_.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    std::from_chars(port.data(), port.data() + port.size(), url.port_);
    if (url.port_ == 0) {
        return refused("its port is not one");
    }
    url.path_ = part(url.parsed_.get(), CURLUPART_PATH);
    TRY_VOID(check_path(url.path_));
    return url;
}

}  // namespace quell::egress
