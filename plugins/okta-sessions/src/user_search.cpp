// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "user_search.hpp"

#include <algorithm>
#include <quell/text.hpp>

namespace okta_sessions {
namespace {

constexpr std::size_t kLongestUsername = 255;
constexpr std::size_t kLongestId = 64;

bool is_letter_or_digit(char letter) {
    const char lower = quell::lower_case(letter);
    return (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
}

// RFC 7644 3.4.2.2: a value is a JSON string.
std::string equals(std::string_view field, std::string_view value) {
    return std::string(field) + " eq \"" + quell::backslash_escaped(value, "\"") + "\"";
}

}  // namespace

quell::Result<void> check_username(std::string_view username) {
    if (username.empty() || username.size() > kLongestUsername ||
        quell::has_control_characters(username))
        return quell::invalid_argument("This is not a user name of Okta.");
    return {};
}

bool can_be_fetched(std::string_view username) {
    return !quell::equal_ignoring_case(username, "me") && username != "." && username != ".." &&
           username.find('/') == std::string_view::npos;
}

std::optional<std::string> search_for(std::string_view username) {
    if (!can_be_fetched(username))
        return equals("profile.login", username) + " or " + equals("profile.email", username);
    if (username.find('@') == std::string_view::npos)
        return std::nullopt;
    return equals("profile.email", username);
}

bool matches(const quell::Account& account, std::string_view username) {
    return quell::equal_ignoring_case(account.login, username) ||
           (account.email && quell::equal_ignoring_case(*account.email, username)) ||
           account.provider_user_id == username;
}

bool is_user_id(std::string_view text) {
    return !text.empty() && text.size() <= kLongestId &&
           std::all_of(text.begin(), text.end(), is_letter_or_digit) && text != "me";
}

}  // namespace okta_sessions
