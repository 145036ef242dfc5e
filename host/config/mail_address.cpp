// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/mail_address.hpp"

#include <algorithm>

namespace quell::config {
namespace {

// RFC 5322 atext, and the dot.
bool is_local_character(char c) {
    constexpr std::string_view kSpecials = "!#$%&'*+-/=?^_`{|}~.";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kSpecials.find(c) != std::string_view::npos;
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool has_good_dots(std::string_view text) {
    return !text.empty() && text.front() != '.' && text.back() != '.' && text.find("..") == std::string_view::npos;
}

}  // namespace

bool is_mail_address(std::string_view text) {
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || text.size() > 254) {
        return false;
    }
    const std::string_view local = text.substr(0, at);
    const std::string_view host = text.substr(at + 1);
    return local.size() <= 64 && has_good_dots(local) && has_good_dots(host) &&
           std::all_of(local.begin(), local.end(), is_local_character) && std::all_of(host.begin(), host.end(), is_host_character);
}

}  // namespace quell::config
