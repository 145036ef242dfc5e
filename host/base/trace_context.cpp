// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// traceparent = 2HEX "-" 32HEX "-" 16HEX "-" 2HEX [ "-" more, in later versions ], lower case.

#include "base/trace_context.hpp"

#include <array>

#include "base/encoding.hpp"
#include "base/random.hpp"

namespace quell {
namespace {

constexpr std::size_t kLength = 55;
constexpr std::size_t kMost = 256;  // of a later version

bool is_lower_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_zero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

template <std::size_t Bytes>
std::string random_id() {
    std::array<std::uint8_t, Bytes> bytes{};
    do {
        fill_random(bytes);
    } while (is_zero(to_hex(bytes)));
    return to_hex(bytes);
}

// Section 4.3: version 00 ends after the flags; a later one may go on after a dash; ff is invalid.
bool has_valid_end(std::string_view text) {
    const std::string_view version = text.substr(0, 2);
    const bool is_first = version == "00";
    return version != "ff" && text.size() <= kMost &&
           (text.size() == kLength || (!is_first && text[kLength] == '-'));
}

}  // namespace

TraceContext TraceContext::begin() { return {random_id<16>(), false}; }

std::optional<TraceContext> TraceContext::parse(std::string_view text) {
    if (text.size() < kLength || text[2] != '-' || text[35] != '-' || text[52] != '-') {
        return std::nullopt;
    }
    const std::string_view trace_id = text.substr(3, 32);
    const std::string_view parent_id = text.substr(36, 16);
    const std::string_view flags = text.substr(53, 2);
    const bool is_hex = is_lower_hex(text.substr(0, 2)) && is_lower_hex(trace_id) && is_lower_hex(parent_id) &&
                        is_lower_hex(flags);
    if (!is_hex || is_zero(trace_id) || is_zero(parent_id) || !has_valid_end(text)) {
        return std::nullopt;
    }
    const char low = flags[1];
    const int digit = low <= '9' ? low - '0' : low - 'a' + 10;
    return TraceContext(std::string(trace_id), (digit & 1) != 0);
}

std::string TraceContext::child() const {
    return "00-" + trace_id_ + "-" + random_id<8>() + (is_sampled_ ? "-01" : "-00");
}

}  // namespace quell
