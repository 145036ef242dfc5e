// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/freshness.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <ctime>

namespace quell::egress {
namespace {

using std::chrono::seconds;

constexpr std::int64_t kLongest = 365 * 24 * 3600;

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    const std::size_t end = text.find_last_not_of(" \t");
    return begin == text.size() ? std::string_view() : text.substr(begin, end - begin + 1);
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return out;
}

// RFC 9111 1.2.2: digits; a number that is too large stands for the largest. nullopt for anything else.
std::optional<seconds> delta_seconds(std::string_view text) {
    if (text.size() > 1 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
    }
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
        return std::nullopt;
    }
    std::int64_t number = kLongest;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return seconds(std::min(number, kLongest));
}

struct Directives {
    bool must_ask = false;
    std::optional<seconds> max_age;
    std::optional<seconds> shared_max_age;
};

void read_directive(std::string_view text, Directives& out) {
    const std::size_t equals = text.find('=');
    const std::string name = lower(trimmed(text.substr(0, equals)));
    const auto age = equals == std::string_view::npos ? std::nullopt
                                                      : delta_seconds(trimmed(text.substr(equals + 1)));
    if (name == "no-store" || name == "no-cache" || name == "private") {
        out.must_ask = true;
    } else if (name == "max-age") {
        // RFC 9111 4.2.1: freshness information that is not understood is stale.
        out.max_age = age.value_or(seconds(0));
    } else if (name == "s-maxage") {
        out.shared_max_age = age.value_or(seconds(0));
    }
}

Directives read_directives(const HttpResponse& response) {
    Directives out;
    for (const Header& header : response.headers) {
        std::string_view rest = header.name == "cache-control" ? std::string_view(header.value) : std::string_view();
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find(','), rest.size());
            read_directive(rest.substr(0, end), out);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return out;
}

const std::string* find(const HttpResponse& response, std::string_view name) {
    const auto found = std::ranges::find(response.headers, name, &Header::name);
    return found == response.headers.end() ? nullptr : &found->value;
}

std::optional<std::int64_t> date(const std::string* text) {
    const std::time_t moment = text == nullptr ? -1 : curl_getdate(text->c_str(), nullptr);
    return moment < 0 ? std::nullopt : std::optional<std::int64_t>(moment);
}

// RFC 9111 5.3: by the sender's own clock; what is no date has expired.
std::optional<seconds> until_expires(const HttpResponse& response, WallTime now) {
    const std::string* const expires = find(response, "expires");
    if (expires == nullptr) {
        return std::nullopt;
    }
    const std::int64_t sent = date(find(response, "date")).value_or(unix_millis(now) / 1000);
    return seconds(std::clamp<std::int64_t>(date(expires).value_or(sent) - sent, 0, kLongest));
}

}  // namespace

std::optional<seconds> freshness(const HttpResponse& response, WallTime now) {
    const Directives directives = read_directives(response);
    if (directives.must_ask) {
        return seconds(0);
    }
    auto life = directives.shared_max_age ? directives.shared_max_age : directives.max_age;
    if (!life) {
        life = until_expires(response, now);
    }
    const std::string* const age = find(response, "age");
    if (life && age != nullptr) {
        life = std::max(*life - delta_seconds(*age).value_or(seconds(0)), seconds(0));
    }
    return life;
}

}  // namespace quell::egress
