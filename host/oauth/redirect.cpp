// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/redirect.hpp"

#include "base/encoding.hpp"

namespace quell::oauth {

std::string with_parameters(std::string_view uri, const Parameters& parameters) {
    std::string out(uri);
    char separator = uri.find('?') == std::string_view::npos ? '?' : '&';
    for (const auto& [name, value] : parameters) {
        if (value.empty()) {
            continue;
        }
        out += separator;
        out += name;
        out += '=';
        out += percent_encode(value);
        separator = '&';
    }
    return out;
}

http::Response redirect(unsigned status, std::string location) {
    http::Response response;
    response.status = status;
    response.headers = {{"Location", std::move(location)},
                        {"Cache-Control", "no-store"},
                        {"Referrer-Policy", "no-referrer"}};
    return response;
}

}  // namespace quell::oauth
