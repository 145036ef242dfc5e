// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// [smtp] and [webhooks] of quell.toml, [notifications] of tenants/ID.toml.

#include "config/notification_settings.hpp"

#include <algorithm>
#include <array>

#include "config/mail_address.hpp"
#include "config/network_names.hpp"
#include "config/read_settings.hpp"
#include "config/secret_ref.hpp"
#include "config/toml_to_json.hpp"
#include "json/nearest.hpp"

namespace quell::config {
namespace {

constexpr std::size_t kMostRecipients = 50;
constexpr std::size_t kLongestChannel = 128;
constexpr std::string_view kAll = "*";

constexpr std::array<std::string_view, 17> kEvents = {
    kTestEvent,
    "approval_requested", "approval_granted",  "approval_denied",  "approval_expired",   "access_granted",   "secret_alert",
    "secret.created",     "secret.accessed",   "secret.updated",   "secret.deleted",     "secret.expired",   "challenge.created",
    "challenge.verified", "challenge.failed",  "challenge.expired", "challenge.incident_reported"};

// A reference to a secret; the form alone is looked at.
void read_secret_member(TableReader& table, std::string_view key, std::string_view example, std::optional<json::Value>& out) {
    const toml::node* node = table.take(key);
    if (node == nullptr)
        return;
    const toml::table* reference = node->as_table();
    if (reference == nullptr)
        return table.refuse(key, "must be a secret reference such as " + std::string(example) +
                                     "; a secret is never written into the settings");
    json::Value value = to_json(*reference, table.name(key), table.position(key), table.errors()).object;
    if (auto parsed = parse_secret_reference(value); !parsed)
        return table.refuse(key, parsed.error()->message);
    out = std::move(value);
}

void read_address(TableReader& table, std::string_view key, std::string& out) {
    std::string text;
    if (!table.read(key, text, "quell@corp.example"))
        return;
    if (!is_mail_address(text))
        return table.refuse(key, "must be a plain e-mail address such as \"quell@corp.example\"");
    out = std::move(text);
}

void read_mail_server(TableReader& smtp, SmtpSettings& out) {
    std::string text;
    if (!smtp.has("server"))
        return smtp.refuse("server", "is missing: name the mail server, for example \"smtp.corp.example:587\"");
    if (!smtp.read("server", text, "smtp.corp.example:587"))
        return;
    const std::size_t colon = text.rfind(':');
    const bool good = !text.starts_with("*") && check_egress_entry(text);
    if (!good || colon == std::string::npos)
        return smtp.refuse("server", "must be a host and port such as \"smtp.corp.example:587\"");
    out.host = text.substr(0, colon);
    out.port = static_cast<std::uint16_t>(std::stoul(text.substr(colon + 1)));
}

// STARTTLS or TLS, unless the mail server is on this machine.
void read_mail_tls(TableReader& smtp, SmtpSettings& out) {
    smtp.read_choice("tls", out.tls, {MailTls::starttls, MailTls::tls, MailTls::none});
    if (out.tls == MailTls::none && !out.host.empty() && !is_loopback({out.host, out.port}))
        smtp.refuse("tls", "must be \"starttls\" or \"tls\": \"none\" is for a mail server on a loopback address only");
}

void read_events(TableReader& table, ChannelSettings& out) {
    if (!table.has("events") && out.enabled)
        return table.refuse("events", "is missing: name the events, or [\"*\"] for all of them");
    table.read("events", out.events);
    for (const std::string& event : out.events) {
        if (event != kAll && std::find(kEvents.begin(), kEvents.end(), event) == kEvents.end())
            table.refuse("events", "has `" + event + "`, which is no event" +
                                       json::nearest_hint(event, kEvents));
    }
}

// What all channels have; false if the table is not there.
bool read_channel(TableReader& table, ChannelSettings& out) {
    out.position = table.position();
    table.read("enabled", out.enabled);
    read_events(table, out);
    return out.enabled;
}

void require(TableReader& table, bool is_needed, std::string_view key, std::string_view example) {
    if (is_needed && !table.has(key))
        table.refuse(key, "is missing, for example " + std::string(example));
}

void read_email(TableReader& table, EmailChannel& out) {
    const bool is_on = read_channel(table, out);
    require(table, is_on, "recipients", "[\"security@acme.example\"]");
    table.read("recipients", out.recipients);
    for (const std::string& recipient : out.recipients)
        if (!is_mail_address(recipient))
            table.refuse("recipients", "must be plain e-mail addresses such as \"security@acme.example\", not `" + recipient + "`");
    if (out.recipients.size() > kMostRecipients)
        table.refuse("recipients", "must be at most 50; use a list's address for more");
    table.refuse_unknown_keys();
}

void read_room(TableReader& table, std::string& out) {
    std::string text;
    if (!table.read("channel", text, "#security-approvals"))
        return;
    const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; });
    if (!is_plain || text.empty() || text.size() > kLongestChannel)
        return table.refuse("channel", "must be a channel's name such as \"#security-approvals\"");
    out = std::move(text);
}

void read_slack(TableReader& table, SlackChannel& out) {
    const bool is_on = read_channel(table, out);
    require(table, is_on, "webhook_url", "{ file = \"/etc/quell/secrets/slack_webhook\" }");
    read_secret_member(table, "webhook_url", "{ file = \"/etc/quell/secrets/slack_webhook\" }", out.webhook_url);
    read_room(table, out.channel);
    table.refuse_unknown_keys();
}

void read_webhook(TableReader& table, WebhookChannel& out) {
    const bool is_on = read_channel(table, out);
    require(table, is_on, "url", "\"https://soar.acme.example/hooks/quell\"");
    std::string url;
    if (table.read("url", url, "https://soar.acme.example/hooks/quell")) {
        const bool is_web = url.starts_with("https://") || url.starts_with("http://");
        if (is_web)
            out.url = std::move(url);
        else
            table.refuse("url", "must be an https address");  // SS-04
    }
    read_secret_member(table, "secret", "{ file = \"/etc/quell/secrets/webhook_secret\" }", out.secret);
    table.refuse_unknown_keys();
}

void read_plugin_channel(TableReader& table, PluginChannel& out) {
    const bool is_on = read_channel(table, out);
    require(table, is_on, "connector", "\"slack\"");
    std::string key;
    if (table.read("connector", key, "slack"))
        out.connector = ConnectorKey(key);
    require(table, is_on, "channel", "\"#security-approvals\"");
    read_room(table, out.channel);
    table.refuse_unknown_keys();
}

// L21: a grant is also known by what it gives.
bool names(std::string_view wanted, std::string_view event) {
    return wanted == kAll || wanted == event || (wanted == "access_granted" && event == "approval_granted");
}

}  // namespace

std::string_view to_string(MailTls tls) {
    switch (tls) {
        case MailTls::starttls: return "starttls";
        case MailTls::tls: return "tls";
        case MailTls::none: return "none";
    }
    return "starttls";
}

std::span<const std::string_view> notification_events() { return kEvents; }

bool wants(const ChannelSettings& channel, std::string_view event) {
    return channel.enabled && (event == kTestEvent || std::any_of(channel.events.begin(), channel.events.end(),
                                                                  [&](const std::string& wanted) { return names(wanted, event); }));
}

void read_smtp(TableReader& root, SmtpSettings& out) {
    auto smtp = root.table("smtp");
    if (!smtp)
        return;
    read_mail_server(*smtp, out);
    read_mail_tls(*smtp, out);
    if (!smtp->has("from"))
        smtp->refuse("from", "is missing: the address that notices come from");
    read_address(*smtp, "from", out.from);
    smtp->read("username", out.username, "quell");
    read_secret_member(*smtp, "password", "{ file = \"/etc/quell/secrets/smtp_password\" }", out.password);
    if (out.username.empty() != !out.password)
        smtp->refuse(out.password ? "password" : "username", "is of no use alone: `username` and `password` belong together");
    smtp->refuse_unknown_keys();
}

void read_webhooks(TableReader& root, bool is_loopback_only, WebhookSettings& out) {
    auto table = root.table("webhooks");
    if (!table)
        return;
    table->read("allow_insecure_loopback", out.allow_insecure_loopback);
    if (out.allow_insecure_loopback && !is_loopback_only)
        table->refuse("allow_insecure_loopback", "must be false, since the listener is not on a loopback address: it is for tests");
    table->refuse_unknown_keys();
}

void read_notifications(TableReader& root, NotificationSettings& out) {
    auto table = root.table("notifications");
    if (!table)
        return;
    if (auto email = table->table("email"))
        read_email(*email, out.email);
    if (auto slack = table->table("slack"))
        read_slack(*slack, out.slack);
    if (auto webhook = table->table("webhook"))
        read_webhook(*webhook, out.webhook);
    if (auto plugin = table->table("plugin"))
        read_plugin_channel(*plugin, out.plugin);
    table->refuse_unknown_keys();
}

}  // namespace quell::config
