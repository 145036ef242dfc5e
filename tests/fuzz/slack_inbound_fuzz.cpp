// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "../../plugins/slack/src/form.hpp"
#include "../../plugins/slack/src/interaction.hpp"
#include "../../plugins/slack/src/signature.hpp"
#include "../../plugins/slack/src/slack_ids.hpp"
#include "../../plugins/slack/src/slash_command.hpp"
#include "target.hpp"

namespace {

const std::string kEventId = "0123456789abcdef";

// What is acted on is of the one request, and of somebody whom Slack names.
void check(const quell::InboundReply& reply) {
    quell::fuzz::require(reply.response.status == 200 || reply.response.status == 400);
    quell::fuzz::require(reply.events.size() <= 1 && (reply.events.empty() || reply.response.status == 200));
    for (const quell::InboundEvent& event : reply.events) {
        quell::fuzz::require(event.id == kEventId && slack::is_user_id(event.provider_user_id));
    }
}

void read_body(const std::string& body) {
    const auto form = slack::parse_form(body);
    if (!form) {
        return;
    }
    check(slack::read_slash_command(*form, kEventId, ""));
    check(slack::read_interaction(slack::field(*form, "payload"), kEventId, "T01CORP"));
}

// The first line is the time stamp's header, the second the signature's: nobody guesses the secret.
void check_headers(const std::string& text) {
    quell::InboundRequest request;
    const auto first = text.find('\n');
    const auto second = first == std::string::npos ? first : text.find('\n', first + 1);
    if (second == std::string::npos) {
        return;
    }
    request.headers = {{"X-Slack-Request-Timestamp", text.substr(0, first)},
                       {"x-slack-signature", text.substr(first + 1, second - first - 1)}};
    request.body = text.substr(second + 1);
    request.received_at = quell::Time{std::chrono::seconds{1'800'000'000}};
    quell::fuzz::require(!slack::check_signature(request, "a secret that no input holds"));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(quell::fuzz::as_text(data, size));
    read_body(text);
    check(slack::read_interaction(text, kEventId, ""));
    check_headers(text);
    return 0;
}
