// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/accept.hpp"

#include <boost/algorithm/string/predicate.hpp>

namespace quell::http {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// What stands before the mark; the rest stays in `text`.
std::string_view cut(std::string_view& text, char mark) {
    const auto at = text.find(mark);
    const std::string_view part = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
    return trimmed(part);
}

// "q=0", "q=0.", "q=0.000"
bool is_zero_weight(std::string_view parameter) {
    return (parameter.starts_with("q=0") || parameter.starts_with("Q=0")) &&
           parameter.substr(3).find_first_not_of(".0") == std::string_view::npos;
}

bool allows(std::string_view range, std::string_view wanted_type, std::string_view wanted_family) {
    const std::string_view type = cut(range, ';');
    bool wanted = boost::algorithm::iequals(type, wanted_type) || type == "*/*" ||
                  boost::algorithm::iequals(type, wanted_family);
    while (wanted && !range.empty()) {
        wanted = !is_zero_weight(cut(range, ';'));
    }
    return wanted;
}

}  // namespace

bool accepts_json(std::string_view accept) {
    bool allowed = trimmed(accept).empty();
    while (!allowed && !accept.empty()) {
        allowed = allows(cut(accept, ','), "application/json", "application/*");
    }
    return allowed;
}

bool accepts_event_stream(std::string_view accept) {
    bool allowed = false;
    while (!allowed && !accept.empty()) {
        allowed = allows(cut(accept, ','), "text/event-stream", "text/*");
    }
    return allowed;
}

}  // namespace quell::http
