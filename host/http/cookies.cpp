// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/cookies.hpp"

#include <algorithm>

namespace quell::http {

std::string_view Cookies::find(const Request& request, std::string_view name) const {
    const std::string wanted = full_name(name) + "=";
    std::string_view rest = request.find("cookie");
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        std::string_view cookie = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        cookie.remove_prefix(std::min(cookie.find_first_not_of(' '), cookie.size()));
        if (cookie.starts_with(wanted)) {
            return cookie.substr(wanted.size());
        }
    }
    return {};
}

std::string Cookies::set(std::string_view name, std::string_view value, std::chrono::seconds life) const {
    std::string out = full_name(name) + "=";
    out += value;
    out += "; Path=/; Max-Age=" + std::to_string(life.count()) + "; HttpOnly; SameSite=Lax";
    out += https_ ? "; Secure" : "";
    return out;
}

std::string Cookies::full_name(std::string_view name) const {
    return (https_ ? "__Host-quell-" : "quell-") + std::string(name);
}

}  // namespace quell::http
