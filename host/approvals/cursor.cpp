// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "approvals/cursor.hpp"

#include <charconv>

#include "base/encoding.hpp"

namespace quell::approvals {

std::string make_cursor(const store::ApprovalRow& last) {
    return to_base64(std::to_string(unix_millis(last.requested_at)) + ":" + last.id);
}

Result<void> read_cursor(std::string_view cursor, store::ApprovalQuery& query) {
    if (cursor.empty()) {
        return {};
    }
    const auto text = from_base64(cursor);
    const std::size_t colon = text ? text->find(':') : std::string::npos;
    std::int64_t millis = 0;
    const bool is_ours = colon != std::string::npos && is_utf8(*text) &&
                         std::from_chars(text->data(), text->data() + colon, millis).ptr == text->data() + colon;
    if (!is_ours) {
        return invalid_arguments("This cursor is not known.");
    }
    query.before_time = from_unix_millis(millis);
    query.before_id = text->substr(colon + 1);
    return {};
}

}  // namespace quell::approvals
