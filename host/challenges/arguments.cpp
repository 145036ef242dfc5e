// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/arguments.hpp"

#include <algorithm>
#include <array>

#include "crypto/digest.hpp"
#include "identity/users.hpp"
#include "json/read.hpp"
#include "json/serialize.hpp"

namespace quell::challenges {
namespace {

using Text = std::optional<std::string>;

constexpr std::size_t kLongestId = 128;
constexpr std::size_t kLongestContext = 2000;
constexpr std::size_t kLongestUrl = 2048;
constexpr std::int64_t kLongestExpiry = 10'080;  // V39

constexpr std::array<std::string_view, 10> kMembers = {
    "target_user_id",   "target_user_email", "context",       "callback_url",   "requester_id",
    "requester_email",  "integration_type",  "slack_user_id", "expiry_minutes", "idempotency_key"};

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Of well-formed UTF-8, which json::parse has seen to.
std::size_t characters(std::string_view text) {
    return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues_character));
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

Result<void> refuse_other_members(const json::Object& object) {
    for (const auto& member : object) {
        if (std::ranges::find(kMembers, std::string_view(member.key())) == kMembers.end()) {
            return invalid_arguments("There is an argument that this call does not know.")
                .allowed({kMembers.begin(), kMembers.end()});
        }
    }
    return {};
}

Result<Text> read_text(const json::Object& object, std::string_view name, std::size_t longest) {
    TRY(const auto text, json::optional_string(object, name));
    if (!text) {
        return Text();
    }
    if (text->empty() || characters(*text) > longest) {
        return invalid_arguments("`" + std::string(name) + "` must have 1 to " + std::to_string(longest) +
                                 " characters.");
    }
    return Text(*text);
}

// A name that is compared and shown in one line.
Result<Text> read_id(const json::Object& object, std::string_view name) {
    TRY(Text id, read_text(object, name, kLongestId));
    if (id && std::ranges::any_of(*id, is_control)) {
        return invalid_arguments("`" + std::string(name) + "` must not hold control characters.");
    }
    return id;
}

Result<Text> read_email(const json::Object& object, std::string_view name) {
    TRY(const auto text, json::optional_string(object, name));
    if (!text) {
        return Text();
    }
    auto normal = identity::normal_email(*text);
    if (!normal) {
        return invalid_arguments("`" + std::string(name) + "` must be an e-mail address such as alice@corp.example.");
    }
    return Text(*std::move(normal));
}

Result<IntegrationType> read_integration_type(const json::Object& object) {
    TRY(const auto text, json::optional_string(object, "integration_type"));
    if (!text) {
        return IntegrationType::webhook;
    }
    const auto type = parse_integration_type(*text);
    if (!type) {
        return invalid_arguments("`integration_type` is one of two words.").allowed({"webhook", "slack"});
    }
    return *type;
}

// V39: 1 to 10080 whole minutes.
Result<std::optional<std::chrono::minutes>> read_expiry(const json::Object& object) {
    using Minutes = std::optional<std::chrono::minutes>;
    TRY(const auto minutes, json::optional_integer(object, "expiry_minutes"));
    if (!minutes) {
        return Minutes();
    }
    if (*minutes < 1 || *minutes > kLongestExpiry) {
        return invalid_arguments("`expiry_minutes` must be a whole number from 1 to 10080.");
    }
    return Minutes(*minutes);
}

json::Value to_value(const Text& text) { return text ? json::Value(*text) : json::Value(nullptr); }

}  // namespace

Result<CreateArguments> read_arguments(const json::Object& object) {
    TRY_VOID(refuse_other_members(object));
    CreateArguments arguments;
    TRY(arguments.target_user_id, read_id(object, "target_user_id"));
    TRY(arguments.target_user_email, read_email(object, "target_user_email"));
    if (!arguments.target_user_id && !arguments.target_user_email) {
        return invalid_arguments("Whom to challenge is missing: give `target_user_id` or `target_user_email`.")
            .allowed({"target_user_id", "target_user_email"});
    }
    TRY(arguments.context, read_text(object, "context", kLongestContext));
    TRY(arguments.callback_url, read_text(object, "callback_url", kLongestUrl));
    TRY(arguments.requester_id, read_id(object, "requester_id"));
    TRY(arguments.requester_email, read_email(object, "requester_email"));
    TRY(arguments.integration_type, read_integration_type(object));
    TRY(arguments.slack_user_id, read_id(object, "slack_user_id"));
    TRY(arguments.expiry, read_expiry(object));
    TRY(arguments.idempotency_key, read_text(object, "idempotency_key", kLongestId));
    return arguments;
}

std::string arguments_digest(const CreateArguments& arguments) {
    const json::Value minutes = arguments.expiry ? json::Value(arguments.expiry->count()) : json::Value(nullptr);
    const json::Array asked = {to_value(arguments.target_user_id),
                               to_value(arguments.target_user_email),
                               to_value(arguments.context),
                               to_value(arguments.callback_url),
                               to_value(arguments.requester_id),
                               to_value(arguments.requester_email),
                               to_string(arguments.integration_type),
                               to_value(arguments.slack_user_id),
                               minutes};
    return crypto::sha256_hex(json::serialize(json::Value(asked)));
}

}  // namespace quell::challenges
