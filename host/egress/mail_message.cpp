// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/mail_message.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "base/encoding.hpp"

namespace quell::egress {
namespace {

constexpr std::size_t kLongestSubject = 200;
constexpr std::size_t kWordBytes = 39;    // of UTF-8 in one encoded-word of at most 75 characters (RFC 2047 2)
constexpr std::size_t kLineLength = 76;   // RFC 2045 6.8

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// The end of a piece of at most `most` bytes that splits no character.
std::size_t piece_end(std::string_view text, std::size_t most) {
    std::size_t end = std::min(text.size(), most);
    while (end > 0 && end < text.size() && continues_character(text[end])) {
        --end;
    }
    return end;
}

std::string encoded_subject(std::string_view subject) {
    subject = subject.substr(0, piece_end(subject, kLongestSubject));
    std::string out;
    while (!subject.empty()) {
        const std::size_t end = std::max<std::size_t>(piece_end(subject, kWordBytes), 1);
        out += out.empty() ? "" : "\r\n ";
        out += "=?UTF-8?B?" + to_base64(subject.substr(0, end)) + "?=";
        subject.remove_prefix(end);
    }
    return out;
}

// RFC 5322 3.3, in UTC.
std::string date_of(WallTime time) {
    constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000", kDays[std::chrono::weekday(day).c_encoding()],
                  static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    return text.data();
}

std::string with_line_ends(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += c == '\n' ? "\r\n" : c == '\r' ? "" : std::string(1, c);
    }
    return out;
}

std::string encoded_text(std::string_view text) {
    const std::string encoded = to_base64(with_line_ends(text));
    std::string out;
    for (std::size_t at = 0; at < encoded.size(); at += kLineLength) {
        out += encoded.substr(at, kLineLength) + "\r\n";
    }
    return out;
}

}  // namespace

std::string mail_message(const Mail& mail) {
    const std::string host = mail.from.substr(mail.from.find('@') + 1);
    return "Date: " + date_of(mail.at) + "\r\nFrom: Quell <" + mail.from + ">\r\nTo: <" + mail.to + ">\r\nMessage-ID: <" + mail.id + "@" + host +
           ">\r\nSubject: " + encoded_subject(mail.subject) +
           "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
           "Content-Transfer-Encoding: base64\r\n\r\n" +
           encoded_text(mail.text);
}

}  // namespace quell::egress
