// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "json/parse.hpp"
#include "notifications/mail_sender.hpp"
#include "notifications/slack_sender.hpp"
#include "store/scratch_store.hpp"

namespace quell::notifications {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Message hostile() {
    return {.tenant = TenantId("acme"),
            .event = "approval_requested",
            .subject = "appr_1",
            .title = "Approval <!channel> & more",
            .text = "See <https://evil.example|here>",
            .fields = {{"Reason", "case 7\n<@U1>"}},
            .link = "https://quell.example/mcp/approvals"};
}

// L22
TEST(SlackBody, IsTextAndNeverAMention) {
    const json::Value body = json::parse(slack_body(hostile(), "#security")).value();
    const std::string text(json::text(body.at("text")));

    EXPECT_EQ(body.at("channel").as_string(), "#security");
    EXPECT_THAT(text, HasSubstr("Approval &lt;!channel&gt; &amp; more"));
    EXPECT_THAT(text, HasSubstr("https://quell.example/mcp/approvals"));
    EXPECT_THAT(text, Not(HasSubstr("<")));
    EXPECT_FALSE(json::parse(slack_body(hostile(), "")).value().as_object().contains("channel"));
}

TEST(MailText, HoldsFieldsAndLink) {
    EXPECT_THAT(mail_text(hostile()), HasSubstr("Reason: case 7\n<@U1>\n\nhttps://quell.example/mcp/approvals\n"));
}

}  // namespace
}  // namespace quell::notifications
