// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/message.hpp"

#include <boost/beast/core/string.hpp>

namespace quell::http {
namespace {

// Names and media types are ASCII, so no locale is asked (it would cost more than the rest of reading a request).
bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

// Added in place: an initializer list would copy the texts once more.
Response typed(unsigned status, const char* type, std::string body) {
    Response response{.status = status, .body = std::move(body)};
    response.headers.emplace_back("Content-Type", type);
    return response;
}

}  // namespace

std::string_view Request::find(std::string_view name) const {
    for (const Header& header : headers) {
        if (equal_ignoring_case(header.name, name)) {
            return header.value;
        }
    }
    return {};
}

std::size_t Request::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(headers.begin(), headers.end(), [&](const Header& header) {
        return equal_ignoring_case(header.name, name);
    }));
}

bool Request::has_content_type(std::string_view media_type) const {
    std::string_view value = find("content-type");
    value = value.substr(0, value.find(';'));
    value = value.substr(0, value.find_last_not_of(" \t") + 1);
    return equal_ignoring_case(value, media_type);
}

Response text(unsigned status, std::string body) {
    return typed(status, "text/plain; charset=utf-8", std::move(body));
}

Response json(unsigned status, std::string body) { return typed(status, "application/json", std::move(body)); }

}  // namespace quell::http
