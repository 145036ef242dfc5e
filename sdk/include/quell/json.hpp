// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quell/result.hpp>

// Opt-in: strict reading of JSON from outside, and reads that never throw. The only header of the
// SDK, beside the testing kit, whose signatures name nlohmann::json.

namespace quell::inline v1 {

struct JsonLimits {
    std::size_t bytes = 8U << 20U;
    int depth = 32;
    std::size_t values = 200'000;
};

namespace detail {

// Watches a parse: nesting, number of values, and names that occur twice in an object (RFC 8259 4
// leaves their meaning open, so that two readers may see two different documents).
class JsonGuard {
  public:
    explicit JsonGuard(const JsonLimits& limits) : limits_(limits) {}

    bool keep(int depth, nlohmann::json::parse_event_t event, const nlohmann::json& parsed) {
        using Event = nlohmann::json::parse_event_t;
        if (depth > limits_.depth || ++values_ > limits_.values)
            broken_ = true;
        if (event == Event::object_start)
            names_.emplace_back();
        if (event == Event::object_end && !names_.empty())
            names_.pop_back();
        if (event == Event::key && !broken_ && !names_.empty())
            broken_ = !names_.back().insert(parsed.get<std::string>()).second;
        return !broken_;
    }

    bool broken() const { return broken_; }

  private:
    const JsonLimits& limits_;
    std::vector<std::set<std::string>> names_;
    std::size_t values_ = 0;
    bool broken_ = false;
};

}  // namespace detail

// Nothing for text that is not one JSON document in UTF-8, holds a name twice in an object, or
// exceeds a limit. Never throws but for want of memory.
inline std::optional<nlohmann::json> parse_document(std::string_view text,
                                                    const JsonLimits& limits = {}) {
    if (text.size() > limits.bytes || text.find('\0') != std::string_view::npos)
        return std::nullopt;
    if (text.substr(0, 3) == "\xEF\xBB\xBF")  // RFC 8259 8.1: no byte order mark
        return std::nullopt;
    detail::JsonGuard guard(limits);
    auto document = nlohmann::json::parse(
        text,
        [&guard](int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
            return guard.keep(depth, event, parsed);
        },
        false);
    if (document.is_discarded() || guard.broken())
        return std::nullopt;
    return document;
}

// The member of an object; null if `value` is not an object or has no such member.
inline const nlohmann::json* find_member(const nlohmann::json& value, std::string_view name) {
    if (!value.is_object())
        return nullptr;
    const auto found = value.find(std::string(name));
    return found == value.end() ? nullptr : &*found;
}

// The member along a path of names: find_path(body, {"meta", "pagination"}).
inline const nlohmann::json* find_path(const nlohmann::json& value,
                                       std::initializer_list<std::string_view> path) {
    const nlohmann::json* found = &value;
    for (const std::string_view name : path) {
        found = find_member(*found, name);
        if (found == nullptr)
            return nullptr;
    }
    return found;
}

// Nothing if there is no such member or it is not a string.
inline std::optional<std::string> string_member(const nlohmann::json& value,
                                                std::string_view name) {
    const nlohmann::json* found = find_member(value, name);
    if (found == nullptr || !found->is_string())
        return std::nullopt;
    return found->get<std::string>();
}

// Nothing if there is no such member, or it is not an integer that fits.
inline std::optional<std::int64_t> integer_member(const nlohmann::json& value,
                                                  std::string_view name) {
    const nlohmann::json* found = find_member(value, name);
    if (found == nullptr || !found->is_number_integer())
        return std::nullopt;
    if (found->is_number_unsigned() &&
        found->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
        return std::nullopt;
    return found->get<std::int64_t>();
}

// Null if there is no such member or it is not an array.
inline const nlohmann::json* array_member(const nlohmann::json& value, std::string_view name) {
    const nlohmann::json* found = find_member(value, name);
    return found != nullptr && found->is_array() ? found : nullptr;
}

// Text for the wire. Bad UTF-8 becomes U+FFFD.
inline std::string to_text(const nlohmann::json& document) {
    return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace quell::inline v1
