// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/request_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace quell::egress {
namespace {

constexpr std::size_t kMostHeaders = 64;
constexpr std::size_t kMostHeaderBytes = 16 * 1024;
constexpr std::size_t kMostBodyBytes = std::size_t{8} << 20;

constexpr std::string_view kMethods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};

// Framing and routing belong to the host; the override headers would let a GET act in read-only
// mode; an encoding would be passed on undecoded.
constexpr std::string_view kHostHeaders[] = {"host",
                                             "content-length",
                                             "transfer-encoding",
                                             "connection",
                                             "keep-alive",
                                             "te",
                                             "trailer",
                                             "upgrade",
                                             "expect",
                                             "accept-encoding",
                                             "forwarded",
                                             "http2-settings",
                                             "x-http-method",
                                             "x-http-method-override",
                                             "x-method-override"};

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return out;
}

Error refused(std::string message) {
    return Error(Code::invalid_argument, "plugin_error", std::move(message));
}

Error destination_refused(std::string message, std::string next_step) {
    return Error(Code::failed_precondition, "connector_misconfigured", std::move(message))
        .next_step(std::move(next_step));
}

// RFC 9110 5.6.2.
bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

// RFC 9110 5.5: no CR, LF, NUL or other control but a tab.
bool is_field_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
    });
}

Result<void> check_header(const Header& header, std::string_view reserved_header) {
    if (!is_token(header.name) || !is_field_value(header.value)) {
        return refused(
            "A request header has a name or value with characters that HTTP does not allow.");
    }
    const std::string name = lower(header.name);
    if (std::ranges::find(kHostHeaders, name) != std::end(kHostHeaders) ||
        name.starts_with("proxy-")) {
        return refused(
            fmt::format("The request header \"{}\" is set by the host and not by plugins.", name));
    }
    if (!reserved_header.empty() && name == reserved_header) {
        return refused(
            fmt::format("The request header \"{}\" is set by the credential profile.", name));
    }
    return {};
}

}  // namespace

Result<Destinations> Destinations::make(const std::vector<std::string>& manifest_patterns,
                                        const std::vector<std::string>& admin_patterns,
                                        bool allow_insecure_loopback) {
    Destinations out;
    TRY(out.manifest_, AllowList::make(manifest_patterns));
    TRY(out.admin_, AllowList::make(admin_patterns));
    out.insecure_loopback_ = allow_insecure_loopback;
    return out;
}

Result<Reach> Destinations::check(const Url& url) const {
    if (!manifest_.allows(url.host(), url.port())) {
        return destination_refused(
            fmt::format("The plugin's manifest does not list {} as a destination.",
                        url.host_and_port()),
            "Check the connector's base_url; the manifest decides which hosts the plugin may ask.");
    }
    if (!admin_.allows(url.host(), url.port())) {
        return destination_refused(
            fmt::format("The plugin's egress list does not allow {}.", url.host_and_port()),
            fmt::format("Add \"{}\" to egress of the plugin in quell.toml.", url.host_and_port()));
    }
    if (url.is_https()) {
        return insecure_loopback_ ? Reach::public_or_loopback : Reach::public_only;
    }
    if (!insecure_loopback_ || !names_loopback(url.host())) {
        return destination_refused(
            fmt::format("http to {} is not allowed, only https.", url.host_and_port()),
            "Use an https URL; simulators on this machine need allow_insecure_loopback.");
    }
    return Reach::loopback_only;
}

Result<ReadOnlyPosts> ReadOnlyPosts::make(const std::vector<std::string>& entries,
                                          const ConnectorValues& values) {
    ReadOnlyPosts out;
    const bool has_base = values.plain.contains("base_url");
    for (const std::string& entry : entries) {
        const bool is_path = entry.starts_with('/');
        if (is_path && !has_base) {
            out.entries_.push_back({.host_and_port = {}, .path = entry});
            continue;
        }
        TRY(const std::string text,
            expand(is_path ? "{settings.base_url}" + entry : entry, values));
        TRY(const Url url, Url::parse(text));
        out.entries_.push_back({.host_and_port = url.host_and_port(), .path = url.path()});
    }
    return out;
}

bool ReadOnlyPosts::contains(const Url& url) const {
    return std::ranges::any_of(entries_, [&](const Entry& entry) {
        return url.path() == entry.path &&
               (entry.host_and_port.empty() || entry.host_and_port == url.host_and_port());
    });
}

bool is_acting(std::string_view method, const Url& url, const ReadOnlyPosts& read_only_posts) {
    const bool reads =
        method == "GET" || method == "HEAD" || (method == "POST" && read_only_posts.contains(url));
    return !reads;
}

Result<void> check_message(std::string_view method, const std::vector<Header>& headers,
                           std::string_view body, std::string_view reserved_header) {
    if (std::ranges::find(kMethods, method) == std::end(kMethods)) {
        return refused("The request method must be GET, HEAD, POST, PUT, PATCH or DELETE.");
    }
    if (!body.empty() && (method == "GET" || method == "HEAD")) {
        return refused("A GET or HEAD request has no body.");
    }
    std::size_t bytes = 0;
    for (const Header& header : headers) {
        TRY_VOID(check_header(header, reserved_header));
        bytes += header.name.size() + header.value.size();
    }
    if (headers.size() > kMostHeaders || bytes > kMostHeaderBytes || body.size() > kMostBodyBytes) {
        return Error(Code::resource_exhausted, "plugin_error",
                     "The request is larger than 64 headers, 16 KiB of headers or 8 MiB of body.");
    }
    return {};
}

}  // namespace quell::egress
