// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/sse.hpp"

#include <charconv>

namespace quell::mcp {
namespace {

// Decimal, without sign and leading zeros; the whole of `text`.
std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    const bool plain = !text.empty() && (text.size() == 1 || text.front() != '0');
    return whole && plain ? std::optional(value) : std::nullopt;
}

// A line break inside of an event begins another data line; the reader puts a newline in its place.
void append_data(std::string& out, std::string_view message) {
    out += "data: ";
    for (const char c : message) {
        if (c == '\n') {
            out += "\ndata: ";
        } else if (c != '\r') {
            out += c;
        }
    }
    out += "\n\n";
}

}  // namespace

std::string to_string(EventId id) { return std::to_string(id.stream) + "-" + std::to_string(id.number); }

std::optional<EventId> parse_event_id(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto stream = parse_number(text.substr(0, dash));
    const auto number = parse_number(text.substr(dash + 1));
    return stream && number ? std::optional(EventId{*stream, *number}) : std::nullopt;
}

std::string sse_event(std::string_view message, std::optional<EventId> id) {
    std::string out;
    out.reserve(message.size() + 48);
    if (id) {
        out += "id: " + to_string(*id) + "\n";
    }
    append_data(out, message);
    return out;
}

std::string sse_priming(EventId id) { return "id: " + to_string(id) + "\ndata: \n\n"; }

std::string sse_retry(std::chrono::milliseconds after) { return "retry: " + std::to_string(after.count()) + "\n\n"; }

}  // namespace quell::mcp
