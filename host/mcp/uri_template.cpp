// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/uri_template.hpp"

#include <algorithm>

namespace quell::mcp {
namespace {

// The value ends where the next literal begins; a reserved expansion may go over slashes.
bool fits_value(std::string_view value, bool reserved) {
    return !value.empty() && (reserved || value.find('/') == std::string_view::npos);
}

bool is_reserved(std::string_view expression) { return expression.find_first_of("+#/?&") == 0; }

}  // namespace

bool fits_template(std::string_view uri, std::string_view rest) {
    const auto first = rest.find('{');
    if (first == std::string_view::npos || !uri.starts_with(rest.substr(0, first))) {
        return uri == rest;
    }
    uri.remove_prefix(first);
    rest.remove_prefix(first);
    while (!rest.empty()) {  // rest begins with an expression
        const auto close = rest.find('}');
        if (close == std::string_view::npos) {
            return false;
        }
        const bool reserved = is_reserved(rest.substr(1, close - 1));
        rest.remove_prefix(close + 1);
        const std::string_view literal = rest.substr(0, std::min(rest.find('{'), rest.size()));
        const bool last = literal.size() == rest.size();
        const auto end = last ? (uri.ends_with(literal) ? uri.size() - literal.size() : std::string_view::npos) : uri.find(literal, 1);
        if (end == std::string_view::npos || end > uri.size() || !fits_value(uri.substr(0, end), reserved)) {
            return false;
        }
        uri.remove_prefix(end + literal.size());
        rest.remove_prefix(literal.size());
    }
    return uri.empty();
}

}  // namespace quell::mcp
