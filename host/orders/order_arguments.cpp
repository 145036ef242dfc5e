// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/order_arguments.hpp"

#include "json/read.hpp"

namespace quell::orders {
namespace {

constexpr std::size_t kMostTargets = 32;
constexpr std::size_t kLongestReason = 2000;
constexpr std::size_t kLongestKey = 128;  // INTERFACES.md 1
constexpr std::size_t kLongestNote = 300;

Result<std::optional<std::vector<std::string>>> read_targets(const json::Object& object) {
    TRY(const json::Array* const array, json::optional_array(object, "integration_targets"));
    if (array == nullptr) {
        return std::optional<std::vector<std::string>>();
    }
    if (array->size() > kMostTargets) {
        return invalid_arguments("`integration_targets` names more than 32 connectors.");
    }
    std::vector<std::string> keys;
    for (const json::Value& key : *array) {
        if (!key.is_string()) {
            return invalid_arguments("`integration_targets` must be a list of connector keys.");
        }
        keys.emplace_back(json::text(key));
    }
    return std::optional(std::move(keys));
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Of well-formed UTF-8, which json::parse has seen to.
std::size_t characters(std::string_view text) {
    return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues_character));
}

Result<std::optional<std::string>> read_text(const json::Object& object, std::string_view name, std::size_t longest) {
    TRY(const auto text, json::optional_string(object, name));
    if (text && characters(*text) > longest) {
        return invalid_arguments("`" + std::string(name) + "` is longer than " + std::to_string(longest) +
                                 " characters.");
    }
    return text ? std::optional(std::string(*text)) : std::nullopt;
}

}  // namespace

Result<SharedArguments> read_shared_arguments(const json::Object& object) {
    SharedArguments arguments;
    TRY(arguments.integration_targets, read_targets(object));
    TRY(arguments.reason, read_text(object, "reason", kLongestReason));
    TRY(const auto dry_run, json::optional_bool(object, "dry_run"));
    arguments.dry_run = dry_run.value_or(false);
    TRY(arguments.idempotency_key, read_text(object, "idempotency_key", kLongestKey));
    if (arguments.idempotency_key && arguments.idempotency_key->empty()) {
        return invalid_arguments("`idempotency_key` must not be empty.");
    }
    return arguments;
}

Result<void> refuse_other_members(const json::Object& object, std::span<const std::string_view> known) {
    for (const auto& member : object) {
        if (std::ranges::find(known, std::string_view(member.key())) == known.end()) {
            return invalid_arguments("There is an argument that this call does not know.")
                .allowed({known.begin(), known.end()});
        }
    }
    return {};
}

std::string noted_text(const json::Object& object, std::string_view name) {
    const json::Value* const member = object.if_contains(name);
    std::string_view text = member != nullptr ? json::text(*member) : std::string_view();
    if (text.size() > kLongestNote) {
        std::size_t end = kLongestNote;
        while (continues_character(text[end])) {
            --end;
        }
        text = text.substr(0, end);
    }
    return std::string(text);
}

}  // namespace quell::orders
