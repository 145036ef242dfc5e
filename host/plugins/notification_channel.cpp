// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/notification_channel.hpp"

#include "base/encoding.hpp"
#include "plugins/outcome_documents.hpp"

namespace quell::plugins {
namespace {

// The limits of notification_channel-1.notify.request.json, in bytes, which is stricter than in characters.
constexpr std::size_t kMaxTitle = 150;
constexpr std::size_t kMaxText = 3000;
constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxValue = 500;
constexpr std::size_t kMaxFields = 10;

// Not through a character.
std::string cut(const std::string& text, std::size_t most) {
    std::size_t end = std::min(text.size(), most);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return text.substr(0, end);
}

void write_recipient(json::Writer& out, const Notification& notification) {
    out.key("recipient");
    out.begin_object();
    write_members(out, notification.person);
    write_unless_empty(out, "channel", notification.channel);
    out.end_object();
}

void write_fields(json::Writer& out, const Notification& notification) {
    out.key("fields");
    out.begin_array();
    for (std::size_t at = 0; at < std::min(notification.fields.size(), kMaxFields); ++at) {
        out.begin_object();
        out.member("name", cut(notification.fields[at].first, kMaxName));
        out.member("value", cut(notification.fields[at].second, kMaxValue));
        out.end_object();
    }
    out.end_array();
}

std::string to_document(const Notification& notification) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    write_recipient(out, notification);
    out.member("title", cut(notification.title, kMaxTitle));
    out.member("text", cut(notification.text, kMaxText));
    write_fields(out, notification);
    write_unless_empty(out, "link", notification.link);
    write_unless_empty(out, "approval_id", notification.approval_id);
    write_unless_empty(out, "replaces", notification.replaces);
    out.end_object();
    return text;
}

Result<std::string> read_message(const json::Value& reply) { return text_at(reply.get_object(), "message"); }

}  // namespace

base::Task<std::string> notify(const Connector& connector, const Notification& notification, CallOptions options) {
    options.read_only = false;
    return connector.call<std::string>(kNotificationChannel, "notify", to_document(notification), std::move(options), read_message);
}

}  // namespace quell::plugins
