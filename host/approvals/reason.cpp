// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "approvals/reason.hpp"

#include <algorithm>
#include <string>

namespace quell::approvals {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t begin = std::min(text.find_first_not_of(kBlank), text.size());
    return text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin);
}

// Code points of UTF-8.
std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

Result<void> check_reason(std::string_view reason, const config::ReasonRule& rule) {
    if (reason.size() > kLongestReason) {
        return invalid_arguments("The reason is longer than 2000 bytes.");
    }
    const std::string_view said = trimmed(reason);
    const std::size_t least = rule.required ? std::max<std::size_t>(rule.least_length, 1) : 0;
    if (characters(said) >= least) {
        return {};
    }
    Error error(Code::invalid_argument, "reason_required",
                "This needs a `reason` of at least " + std::to_string(least) + " characters; it has " +
                    std::to_string(characters(said)) + ".");
    return std::move(error).next_step("Say what you need it for and where that comes from, such as the incident's number.");
}

}  // namespace quell::approvals
