// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notice_card.hpp"

#include "blocks.hpp"

namespace slack {
namespace {

using nlohmann::json;

json link_button(const std::string& link) {
    return {{"type", "button"}, {"action_id", "quell.open"}, {"text", blocks::plain("Open", 75)}, {"url", link}};
}

bool is_web_link(const std::string& link) {
    return link.starts_with("https://") || link.starts_with("http://");
}

}  // namespace

Card notice_card(const quell::Notification& notification) {
    Card card;
    card.text = notification.title;
    card.blocks.push_back(blocks::header(notification.title));
    if (!notification.text.empty())
        card.blocks.push_back(blocks::section(notification.text));
    for (const quell::NotificationField& field : notification.fields)
        card.blocks.push_back(blocks::section(field.name + ": " + field.value));
    json buttons = json::array();
    if (!notification.approval_id.empty()) {
        card.blocks.push_back(blocks::input(kReason, "Reason", true, true));
        buttons.push_back(blocks::button(kApprove, "Approve", notification.approval_id, "primary"));
        buttons.push_back(blocks::button(kDeny, "Deny", notification.approval_id, "danger"));
    }
    if (is_web_link(notification.link))
        buttons.push_back(link_button(notification.link));
    if (!buttons.empty())
        card.blocks.push_back(blocks::actions("decide", std::move(buttons)));
    return card;
}

}  // namespace slack
