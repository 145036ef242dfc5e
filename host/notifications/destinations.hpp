// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <vector>

#include "config/notification_settings.hpp"

namespace quell::notifications {

struct Destination {
    std::string channel;
    std::string address;  // shown to administrators: an e-mail address, a URL, a room; never a secret
};

// Where a tenant wants this event to go: each recipient of a mail is one destination, so that one that is refused does not
// make the others get it twice.
std::vector<Destination> destinations_of(const config::NotificationSettings& settings, std::string_view event);

// Deliveries of one lane go one after the other.
std::string lane_of(const std::string& tenant, const Destination& destination);

}  // namespace quell::notifications
