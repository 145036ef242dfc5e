// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "containment/lookup_value.hpp"

#include <algorithm>

namespace quell::containment {
namespace {

struct Rule {
    std::size_t longest;
    std::string_view beside_letters_and_digits;
    std::string_view what;
};

constexpr Rule kHostname{255, ".-_ ", "A host name is"};
constexpr Rule kSerial{128, ".-_ ", "A serial number is"};
constexpr Rule kDeviceId{128, ".-_:", "A provider's device id is"};
constexpr std::string_view kLocalPart = ".-_+=~'";  // RFC 5321 atext, without what queries give a meaning

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_written_in(std::string_view text, std::string_view extra) {
    return std::ranges::all_of(
        text, [extra](char c) { return is_letter_or_digit(c) || extra.find(c) != std::string_view::npos; });
}

Error refusal(std::string message) {
    Error error(Code::invalid_argument, "invalid_lookup_value", std::move(message));
    return std::move(error).next_step("Give the exact value of one device or person; wildcards and patterns are "
                                      "never expanded.");
}

Error refusal(const Rule& rule) {
    return refusal(std::string(rule.what) + " 1 to " + std::to_string(rule.longest) +
                   " letters, digits and the characters \"" + std::string(rule.beside_letters_and_digits) +
                   "\", and starts and ends with a letter or digit.");
}

Result<void> check(const Rule& rule, std::string_view value) {
    const bool is_good = !value.empty() && value.size() <= rule.longest && is_letter_or_digit(value.front()) &&
                         is_letter_or_digit(value.back()) && is_written_in(value, rule.beside_letters_and_digits);
    return is_good ? Result<void>() : refusal(rule);
}

bool is_domain(std::string_view text) {
    return text.size() >= 3 && text.size() <= 253 && text.find('.') != std::string_view::npos &&
           is_letter_or_digit(text.front()) && is_letter_or_digit(text.back()) && is_written_in(text, ".-") &&
           text.find("..") == std::string_view::npos;
}

bool is_local_part(std::string_view text) {
    return !text.empty() && text.size() <= 64 && is_letter_or_digit(text.front()) && text.back() != '.' &&
           text.back() != '\'' && is_written_in(text, kLocalPart);
}

Result<void> check_email(std::string_view value) {
    const std::size_t at = value.find('@');
    const bool is_good = at != std::string_view::npos && is_local_part(value.substr(0, at)) &&
                         is_domain(value.substr(at + 1));
    return is_good ? Result<void>()
                   : refusal("An e-mail address is one name, an @ and a domain, for example alice@corp.example.");
}

}  // namespace

Result<void> check_lookup_value(const Lookup& lookup) {
    switch (lookup.type) {
        case LookupType::user_email: return check_email(lookup.value);
        case LookupType::hostname: return check(kHostname, lookup.value);
        case LookupType::serial_number: return check(kSerial, lookup.value);
        case LookupType::provider_device_id: return check(kDeviceId, lookup.value);
    }
    return internal_error("lookup type");
}

}  // namespace quell::containment
