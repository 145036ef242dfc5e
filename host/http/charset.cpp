// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/charset.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>

namespace quell::http {
namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view unquoted(std::string_view text) {
    const bool is_quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
    return is_quoted ? text.substr(1, text.size() - 2) : text;
}

bool is_other_charset(std::string_view parameter) {
    const std::size_t sign = std::min(parameter.find('='), parameter.size());
    const std::string_view value = trimmed(parameter.substr(std::min(sign + 1, parameter.size())));
    return equal_ignoring_case(trimmed(parameter.substr(0, sign)), "charset") && !equal_ignoring_case(unquoted(value), "utf-8");
}

}  // namespace

bool has_utf8_charset(std::string_view content_type) {
    for (std::size_t mark = content_type.find(';'); mark != std::string_view::npos; mark = content_type.find(';')) {
        content_type.remove_prefix(mark + 1);
        if (is_other_charset(content_type.substr(0, content_type.find(';')))) {
            return false;
        }
    }
    return true;
}

}  // namespace quell::http
