// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notifications/destinations.hpp"

namespace quell::notifications {

std::vector<Destination> destinations_of(const config::NotificationSettings& settings, std::string_view event) {
    std::vector<Destination> found;
    if (wants(settings.email, event)) {
        for (const std::string& recipient : settings.email.recipients) {
            found.push_back({"email", recipient});
        }
    }
    if (wants(settings.slack, event)) {
        found.push_back({"slack", settings.slack.channel});
    }
    if (wants(settings.webhook, event)) {
        found.push_back({"webhook", settings.webhook.url});
    }
    if (wants(settings.plugin, event)) {
        found.push_back({"plugin", settings.plugin.connector.str() + " " + settings.plugin.channel});
    }
    return found;
}

std::string lane_of(const std::string& tenant, const Destination& destination) {
    // All mails of a tenant go through one server, one connection at a time.
    const bool is_mail = destination.channel == "email";
    return tenant + ' ' + destination.channel + ' ' + (is_mail ? std::string() : destination.address);
}

}  // namespace quell::notifications
