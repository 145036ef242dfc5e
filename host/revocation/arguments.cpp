// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "revocation/arguments.hpp"

#include <array>

#include "json/read.hpp"
#include "orders/order_arguments.hpp"

namespace quell::revocation {
namespace {

constexpr std::size_t kLongest = 320;
constexpr std::string_view kBesideLettersAndDigits = ".-_+=~'@";

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_login(std::string_view text) {
    return !text.empty() && text.size() <= kLongest && is_letter_or_digit(text.front()) &&
           is_letter_or_digit(text.back()) && std::ranges::count(text, '@') <= 1 &&
           std::ranges::all_of(text, [](char c) {
               return is_letter_or_digit(c) || kBesideLettersAndDigits.find(c) != std::string_view::npos;
           });
}

}  // namespace

Result<void> check_username(std::string_view username) {
    if (is_login(username)) {
        return {};
    }
    Error error(Code::invalid_argument, "invalid_lookup_value",
                "A user name is a login or an e-mail address of 1 to 320 letters, digits and the characters \"" +
                    std::string(kBesideLettersAndDigits) + "\", and starts and ends with a letter or digit.");
    return std::move(error).next_step(
        "Give the exact login or e-mail address of one user; wildcards and patterns are never expanded.");
}

Result<RevokeArguments> read_arguments(const json::Object& object) {
    static constexpr std::array<std::string_view, 5> kMembers = {"username", "integration_targets", "reason",
                                                                 "dry_run", "idempotency_key"};
    TRY_VOID(orders::refuse_other_members(object, kMembers));
    RevokeArguments arguments;
    TRY(const auto username, json::string_member(object, "username"));
    TRY_VOID(check_username(username));
    arguments.username = username;
    TRY(orders::SharedArguments shared, orders::read_shared_arguments(object));
    arguments.integration_targets = std::move(shared.integration_targets);
    arguments.reason = std::move(shared.reason);
    arguments.dry_run = shared.dry_run;
    arguments.idempotency_key = std::move(shared.idempotency_key);
    return arguments;
}

}  // namespace quell::revocation
