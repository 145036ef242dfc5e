// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <vector>

#include <quell/call.hpp>
#include <quell/person.hpp>
#include <quell/result.hpp>

namespace quell::inline v1 {

struct NotificationField {
    std::string name{};
    std::string value{};
};

struct Notification {
    Person person{};
    std::string channel{};  // a room; empty if a person is meant
    std::string title{};
    std::string text{};
    std::vector<NotificationField> fields{};
    std::string link{};         // may be empty
    std::string approval_id{};  // not empty: offer to approve and to deny this
    std::string replaces{};     // not empty: the message whose place this one takes
};

// The plugin's own reference to a message.
struct SentNotification {
    std::string message{};
};

// "notification_channel/1": tells people something. Derive from it. Everything in a notification is
// text, and none of it is markup. Threads: as for DeviceContainment.
class NotificationChannel {
  public:
    virtual ~NotificationChannel() = default;

    virtual Result<SentNotification> notify(Call& call, const Notification& notification) = 0;
};

}  // namespace quell::inline v1
