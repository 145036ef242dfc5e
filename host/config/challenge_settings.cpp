// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// [challenges] and [support] of tenants/ID.toml.

#include "config/read_settings.hpp"

namespace quell::config {
namespace {

constexpr std::int64_t kLongestExpiryMinutes = 10'080;  // V39, V86+
constexpr std::int64_t kMostChallenges = 1'000;
constexpr std::size_t kLongestContact = 200;

// Shown to people as it is, so one line of printable text.
void read_contact(TableReader& table, std::string_view key, std::string& out, std::string_view example) {
    std::string text;
    if (!table.read(key, text, example))
        return;
    bool is_plain = !text.empty() && text.size() <= kLongestContact;
    for (const char c : text)
        is_plain = is_plain && static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
    if (is_plain)
        out = std::move(text);
    else
        table.refuse(key, "must be one line of at most 200 characters");
}

}  // namespace

void read_challenges(TableReader& root, ChallengeSettings& out) {
    auto table = root.table("challenges");
    if (!table)
        return;
    table->read("enabled", out.enabled);
    std::int64_t minutes = out.expiry.count();
    if (table->read("expiry_minutes", minutes, 1, kLongestExpiryMinutes))
        out.expiry = std::chrono::minutes(minutes);
    table->read("number_match", out.number_match);
    table->read("max_open_per_target", out.max_open_per_target, 1, kMostChallenges);
    table->read("max_hourly_per_target", out.max_hourly_per_target, 1, kMostChallenges);
    table->refuse_unknown_keys();
}

void read_support(TableReader& root, SupportSettings& out) {
    auto table = root.table("support");
    if (!table)
        return;
    read_contact(*table, "email", out.email, "security@acme.example");
    read_contact(*table, "phone", out.phone, "+1 555 0100");
    read_contact(*table, "slack", out.slack, "#security");
    read_contact(*table, "portal_url", out.portal_url, "https://help.acme.example");
    if (!out.portal_url.empty() && !out.portal_url.starts_with("https://")) {
        table->refuse("portal_url", "must be an https address");
        out.portal_url.clear();
    }
    table->refuse_unknown_keys();
}

}  // namespace quell::config
