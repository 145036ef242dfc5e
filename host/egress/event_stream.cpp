// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/event_stream.hpp"

#include <algorithm>
#include <charconv>

namespace quell::egress {
namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 20;
constexpr std::int64_t kMostRetryMillis = 60'000;

}  // namespace

bool EventStream::feed(std::string_view bytes) {
    for (const char c : bytes) {
        if (refused_) {
            return false;
        }
        const bool is_second_half = std::exchange(after_return_, c == '\r') && c == '\n';
        if (is_second_half) {
            continue;
        }
        if (c == '\n' || c == '\r') {
            take_line();
            continue;
        }
        line_ += c;
        refused_ = line_.size() + data_.size() > kMostBytes;
    }
    return !refused_;
}

void EventStream::take_line() {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    std::string line = std::exchange(line_, {});
    if (std::exchange(at_start_, false) && line.starts_with(kMark)) {
        line.erase(0, kMark.size());
    }
    if (line.empty()) {
        end_event();
        return;
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    std::string_view value = std::string_view(line).substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' ')) {
        value.remove_prefix(1);
    }
    take_field(std::string_view(line).substr(0, colon), value);  // a comment has an empty name
}

void EventStream::take_field(std::string_view name, std::string_view value) {
    if (name == "data") {
        data_ += has_data_ ? "\n" : "";
        data_ += value;
        has_data_ = true;
    } else if (name == "id" && value.find('\0') == std::string_view::npos) {
        id_ = value;
    } else if (name == "retry") {
        std::int64_t millis = 0;
        const auto read = std::from_chars(value.data(), value.data() + value.size(), millis);
        if (read.ec == std::errc() && read.ptr == value.data() + value.size() && millis >= 0) {
            retry_ = std::chrono::milliseconds(std::min(millis, kMostRetryMillis));
        }
    }
}

void EventStream::end_event() {
    last_id_ = id_;
    if (std::exchange(has_data_, false) && !data_.empty()) {
        on_data_(data_);
    }
    data_.clear();
}

}  // namespace quell::egress
