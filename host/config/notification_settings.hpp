// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "config/source_position.hpp"
#include "json/value.hpp"

// Where a tenant's notices go, and the mail server that takes them (L21 to L23). Secrets are references.
namespace quell::config {

enum class MailTls { starttls, tls, none };  // none: loopback only
std::string_view to_string(MailTls tls);

// [smtp] of quell.toml.
struct SmtpSettings {
    std::string host;  // empty: there is none, and no tenant may ask for e-mail
    std::uint16_t port = 587;
    MailTls tls = MailTls::starttls;
    std::string from;      // an address
    std::string username;  // empty: without login
    std::optional<json::Value> password;
};

// [webhooks] of quell.toml.
struct WebhookSettings {
    bool allow_insecure_loopback = false;  // tests only: plain http and loopback addresses
};

// What every channel has: whether it is used, and for which events; "*" is all of them.
struct ChannelSettings {
    bool enabled = false;
    std::vector<std::string> events;
    SourcePosition position;
};

struct EmailChannel : ChannelSettings {
    std::vector<std::string> recipients;
};
struct SlackChannel : ChannelSettings {
    std::optional<json::Value> webhook_url;  // a secret: whoever knows it may write there
    std::string channel;                     // empty: the webhook's own
};
struct WebhookChannel : ChannelSettings {
    std::string url;
    std::optional<json::Value> secret;  // "whsec_..." of standard-webhooks; none: one that is the tenant's own
};
struct PluginChannel : ChannelSettings {
    ConnectorKey connector;
    std::string channel;  // what the plugin takes for a room
};

// An administrator's test, which every enabled channel gets.
inline constexpr std::string_view kTestEvent = "notification.test";
// The names that `events` may hold, and those that are sent with: L21, L45+. In one order.
std::span<const std::string_view> notification_events();
bool wants(const ChannelSettings& channel, std::string_view event);

// The tables [notifications.*] of a tenant.
struct NotificationSettings {
    EmailChannel email;
    SlackChannel slack;
    WebhookChannel webhook;
    PluginChannel plugin;
};

}  // namespace quell::config
