// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <quell/error.hpp>
#include <quell/http_message.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quell/detail/services.hpp>
#include <quell/url.hpp>

namespace quell::inline v1::testing {

inline std::string percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%' && at + 2 < text.size()) {
            const std::string digits(text.substr(at + 1, 2));
            decoded += static_cast<char>(std::strtol(digits.c_str(), nullptr, 16));
            at += 2;
        } else {
            decoded += text[at] == '+' ? ' ' : text[at];
        }
    }
    return decoded;
}

// A request as the host saw it.
struct SentRequest {
    std::string method;
    std::string url;
    std::string path;         // still encoded, without the query
    QueryParameters query{};  // decoded
    std::vector<HttpHeader> headers{};
    std::string body{};
    std::string auth{};
    bool idempotent = false;

    // The first query parameter of that name; null if there is none.
    const std::string* parameter(std::string_view name) const {
        for (const auto& [key, value] : query) {
            if (key == name)
                return &value;
        }
        return nullptr;
    }
};

inline void read_query(std::string_view text, QueryParameters& query) {
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        const auto equals = pair.find('=');
        const std::string_view value =
            equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
        query.emplace_back(percent_decoded(pair.substr(0, equals)), percent_decoded(value));
    }
}

inline SentRequest read_request(const quell_http_request& raw) {
    SentRequest request{std::string(detail::to_view(raw.method)),
                        std::string(detail::to_view(raw.url)), ""};
    std::string_view rest = request.url;
    const auto host = rest.find("://");
    rest.remove_prefix(host == std::string_view::npos ? 0 : host + 3);
    rest.remove_prefix(std::min(rest.find_first_of("/?"), rest.size()));
    request.path = std::string(rest.substr(0, rest.find('?')));
    rest.remove_prefix(std::min(rest.size(), request.path.size() + 1));
    read_query(rest, request.query);
    for (std::uint64_t index = 0; index < raw.header_count; ++index)
        request.headers.push_back({std::string(detail::to_view(raw.headers[index].name)),
                                   std::string(detail::to_view(raw.headers[index].value))});
    request.body = std::string(detail::to_view(raw.body));
    request.auth = std::string(detail::to_view(raw.auth));
    request.idempotent = (raw.flags & QUELL_HTTP_IDEMPOTENT) != 0;
    return request;
}

// Every member of `wanted` is in `found`; arrays have the same length.
inline bool is_subset(const nlohmann::json& wanted, const nlohmann::json& found) {
    if (wanted.is_object()) {
        return found.is_object() &&
               std::all_of(wanted.items().begin(), wanted.items().end(),
                           [&found](const auto& item) {
                               return found.contains(item.key()) &&
                                      is_subset(item.value(), found[item.key()]);
                           });
    }
    if (wanted.is_array()) {
        return found.is_array() && wanted.size() == found.size() &&
               std::equal(wanted.begin(), wanted.end(), found.begin(), is_subset);
    }
    return wanted == found;
}

// One request that the plugin is expected to make, and what it gets. A value; see FakeHost::expect.
class Exchange {
  public:
    Exchange(std::string method, std::string path)
        : method_(std::move(method)), path_(std::move(path)) {}

    // The decoded query must hold this parameter.
    Exchange& with_query(std::string name, std::string value) {
        query_.emplace_back(std::move(name), std::move(value));
        return *this;
    }

    // The body must be JSON that holds at least these members.
    Exchange& with_body(std::string_view json) {
        body_ = nlohmann::json::parse(json);
        return *this;
    }

    Exchange& reply(int status, std::string body = "", std::vector<HttpHeader> headers = {}) {
        response_ = HttpResponse{status, std::move(headers), std::move(body)};
        return *this;
    }

    // No answer comes.
    Exchange& fail(Error error) {
        error_ = std::move(error);
        return *this;
    }

    // Empty if the request is the expected one, else what differs.
    std::string difference(const SentRequest& request) const {
        if (request.method != method_ || request.path != path_)
            return "expected " + describe() + ", got " + request.method + " " + request.url;
        for (const auto& [name, value] : query_) {
            const std::string* found = request.parameter(name);
            if (found == nullptr || *found != value)
                return describe() + ": query " + name + " is `" + (found ? *found : "absent") +
                       "`, expected `" + value + "`";
        }
        if (body_ && !is_subset(*body_, nlohmann::json::parse(request.body, nullptr, false)))
            return describe() + ": body is " + request.body;
        return "";
    }

    std::string describe() const { return method_ + " " + path_; }
    const std::optional<Error>& error() const { return error_; }
    const HttpResponse& response() const { return response_; }

  private:
    std::string method_;
    std::string path_;
    QueryParameters query_;
    std::optional<nlohmann::json> body_;
    HttpResponse response_{200};
    std::optional<Error> error_;
};

}  // namespace quell::inline v1::testing
