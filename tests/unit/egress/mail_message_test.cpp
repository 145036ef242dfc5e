// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/mail_message.hpp"

#include <gmock/gmock.h>

#include "base/encoding.hpp"

namespace quell::egress {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Mail mail(std::string subject, std::string text = "Hello") {
    return {.from = "quell@corp.example", .to = "ada@corp.example", .subject = std::move(subject), .text = std::move(text), .id = "msg_1",
            .at = from_unix_millis(1'800'000'000'000)};
}

TEST(MailMessage, HasTheHeadersOfAnAutomaticMail) {
    const std::string text = mail_message(mail("[Quell] Approval"));

    EXPECT_THAT(text, HasSubstr("Date: Fri, 15 Jan 2027 08:00:00 +0000\r\n"));
    EXPECT_THAT(text, HasSubstr("From: Quell <quell@corp.example>\r\nTo: <ada@corp.example>\r\nMessage-ID: <msg_1@corp.example>\r\n"));
    EXPECT_THAT(text, HasSubstr("Auto-Submitted: auto-generated\r\n"));
    EXPECT_THAT(text, HasSubstr("\r\n\r\n" + to_base64("Hello") + "\r\n"));
}

TEST(MailMessage, LetsNoTextBecomeAHeaderOrEndTheMail) {
    const std::string text = mail_message(mail("a\r\nBcc: evil@evil.example", "x\r\n.\r\nQUIT\r\n"));

    EXPECT_THAT(text, Not(HasSubstr("Bcc")));
    EXPECT_THAT(text, Not(HasSubstr("\r\n.")));
    EXPECT_THAT(text, Not(HasSubstr("QUIT")));
}

TEST(MailMessage, SplitsALongSubjectBetweenCharacters) {
    std::string subject;
    for (int n = 0; n < 60; ++n) {
        subject += "\xC3\xA4\xE2\x82\xAC";  // two and three bytes
    }
    const std::string text = mail_message(mail(subject));
    const std::size_t begin = text.find("Subject: ") + 9;
    std::string decoded;
    for (std::size_t at = text.find("=?UTF-8?B?", begin); at != std::string::npos; at = text.find("=?UTF-8?B?", at + 1)) {
        const std::string word = text.substr(at + 10, text.find("?=", at) - at - 10);
        EXPECT_LE(word.size() + 12, 75U);
        EXPECT_TRUE(is_utf8(from_base64(word).value()));
        decoded += from_base64(word).value();
    }
    EXPECT_EQ(subject.substr(0, decoded.size()), decoded);
    EXPECT_GE(decoded.size(), 195U);
}

TEST(MailMessage, KeepsLinesShort) {
    const std::string text = mail_message(mail("s", std::string(1000, 'a')));

    std::size_t longest = 0;
    for (std::size_t begin = 0, end = 0; (end = text.find("\r\n", begin)) != std::string::npos; begin = end + 2) {
        longest = std::max(longest, end - begin);
    }
    EXPECT_LE(longest, 76U);
}

}  // namespace
}  // namespace quell::egress
