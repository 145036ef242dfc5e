// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notifications/slack_sender.hpp"

#include "config/secret_ref.hpp"
#include "json/serialize.hpp"
#include "notifications/payload.hpp"
#include "notifications/post.hpp"

namespace quell::notifications {
namespace {

constexpr std::size_t kLongestText = 3000;

// The three characters that Slack reads as markup begin everything else: links, mentions, <!channel>.
void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            default: out += c;
        }
    }
}

void append_line(std::string& out, std::string_view text) {
    if (!text.empty() && out.size() + text.size() < kLongestText) {
        out += out.empty() ? "" : "\n";
        append_escaped(out, text);
    }
}

// Those that the settings' author can put right are final: 400, 403, 404 and 410 name a bad channel or a dead webhook.
Delivery judged(Posted posted) {
    if (posted.status == 0) {
        return std::move(posted.failure);
    }
    if (posted.status >= 200 && posted.status < 300) {
        return {};
    }
    const bool may_pass = posted.status == 429 || posted.status >= 500;
    return {may_pass ? Delivery::End::retry : Delivery::End::give_up, "Slack answered " + std::to_string(posted.status) + ".", posted.wait};
}

}  // namespace

std::string slack_body(const Message& message, const std::string& channel) {
    std::string text;
    append_line(text, message.title);
    append_line(text, message.text);
    for (const auto& [name, value] : message.fields) {
        append_line(text, name + ": " + value);
    }
    append_line(text, message.link);
    json::Object body{{"text", text}, {"unfurl_links", false}};
    if (!channel.empty()) {
        body.emplace("channel", channel);
    }
    return json::serialize(body);
}

Delivery SlackSender::send(const store::NotificationRow& row, const config::Settings& settings, const std::stop_token& stop) {
    const auto tenant = settings.tenants.find(row.tenant);
    const config::SlackChannel channel = tenant == settings.tenants.end() ? config::SlackChannel() : tenant->second.notifications.slack;
    if (!channel.enabled || !channel.webhook_url) {
        return {Delivery::End::give_up, "The Slack webhook is switched off."};
    }
    const auto url = config::read_secret(*channel.webhook_url);
    const auto message = from_payload(row.tenant, row.payload);
    if (!url || !message) {
        return {Delivery::End::retry, (url ? message.error() : url.error())->message};
    }
    return judged(post(http_,
                       {.url = std::string(url->reveal()),
                        .body = slack_body(*message, channel.channel),
                        .allow_insecure_loopback = settings.webhooks.allow_insecure_loopback},
                       stop));
}

}  // namespace quell::notifications
