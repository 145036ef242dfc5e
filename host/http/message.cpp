// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/message.hpp"

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/beast/core/string.hpp>

namespace quell::http {
namespace {

// Field names are ASCII, so no locale is asked (it would cost more than the rest of reading a request).
bool is_named(const Header& header, std::string_view name) {
    return boost::beast::iequals({header.name.data(), header.name.size()}, {name.data(), name.size()});
}

}  // namespace

std::string_view Request::find(std::string_view name) const {
    for (const Header& header : headers) {
        if (is_named(header, name)) {
            return header.value;
        }
    }
    return {};
}

std::size_t Request::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(headers.begin(), headers.end(), [&](const Header& header) {
        return is_named(header, name);
    }));
}

std::string Request::content_type() const {
    const std::string_view value = find("content-type");
    return boost::algorithm::to_lower_copy(
        boost::algorithm::trim_copy(std::string(value.substr(0, value.find(';')))));
}

Response text(unsigned status, std::string body) {
    return {.status = status, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = std::move(body)};
}

Response json(unsigned status, std::string body) {
    return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

}  // namespace quell::http
