// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plugins/connector.hpp"
#include "plugins/person.hpp"

namespace quell::plugins {

// notification_channel/1 (sdk/schema) as types.
inline constexpr std::string_view kNotificationChannel = "notification_channel/1";

// All of it is text and none of it markup. What is longer than the schema takes is cut.
struct Notification {
    Person person{};
    std::string channel{};  // a room; empty if a person is meant
    std::string title{};
    std::string text{};
    std::vector<std::pair<std::string, std::string>> fields{};
    std::string link{};
    std::string approval_id{};  // not empty: with buttons to decide about it
    std::string replaces{};     // not empty: the message whose place this one takes
};

// The plugin's reference to the message. user_not_found if there is no such person.
base::Task<std::string> notify(const Connector& connector, const Notification& notification, CallOptions options);

}  // namespace quell::plugins
