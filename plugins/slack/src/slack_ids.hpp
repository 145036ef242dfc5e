// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace slack {

// A user's id as Slack makes them: "U..." or "W...", capital letters and digits.
bool is_user_id(std::string_view text);

// The id of a challenge or an approval, as the host makes them, safe in a button.
bool is_host_id(std::string_view text);

// A message is named by its conversation and its time stamp there: "D0123:1700000000.000100".
struct MessageReference {
    std::string channel{};
    std::string ts{};
};
std::string to_text(const MessageReference& message);
std::optional<MessageReference> parse_message_reference(std::string_view text);

}  // namespace slack
