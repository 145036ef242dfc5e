// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "slack_errors.hpp"

#include <algorithm>
#include <array>
#include <quell/json.hpp>
#include <quell/rate_limit.hpp>
#include <string>
#include <string_view>

namespace slack {
namespace {

using quell::Status;

struct Meaning {
    std::string_view code;
    Status status;
    std::string_view message;
};

constexpr std::string_view kToken =
    "Slack refuses the token: check bot_token (and user_token), and install the app again.";
constexpr std::string_view kGrid = "Slack refuses: sessions are ended on Enterprise Grid only.";
constexpr std::string_view kDown = "Slack cannot serve the request at the moment.";

constexpr std::array<Meaning, 19> kMeanings = {{
    {"users_not_found", Status::not_found, "Slack knows no such user."},
    {"user_not_found", Status::not_found, "Slack knows no such user."},
    {"channel_not_found", Status::not_found, "Slack knows no such conversation, or the app is not in it."},
    {"not_in_channel", Status::permission_denied, "The app is not a member of that channel: invite it."},
    {"message_not_found", Status::not_found, "The message is gone."},
    {"not_authed", Status::unauthenticated, kToken},
    {"invalid_auth", Status::unauthenticated, kToken},
    {"token_revoked", Status::unauthenticated, kToken},
    {"token_expired", Status::unauthenticated, kToken},
    {"account_inactive", Status::unauthenticated, kToken},
    {"missing_scope", Status::permission_denied, "Slack refuses: the app lacks a scope."},
    {"not_allowed_token_type", Status::failed_precondition, kToken},
    {"not_an_enterprise", Status::failed_precondition, kGrid},
    {"feature_not_enabled", Status::failed_precondition, kGrid},
    {"ratelimited", Status::resource_exhausted, "Slack's rate limit is reached."},
    {"internal_error", Status::unavailable, kDown},
    {"fatal_error", Status::unavailable, kDown},
    {"service_unavailable", Status::unavailable, kDown},
    {"request_timeout", Status::unavailable, kDown},
}};

// Slack's words are of this form; anything else is not passed on.
std::string word(const nlohmann::json& document, std::string_view name, std::string_view extra = "") {
    std::string text = quell::string_member(document, name).value_or("");
    const bool plain = text.size() <= 64 && std::all_of(text.begin(), text.end(), [extra](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_' ||
               extra.find(letter) != std::string_view::npos;
    });
    return plain ? text : "";
}

}  // namespace

quell::Error refusal(const nlohmann::json& document) {
    quell::Error error{Status::unknown, "Slack refuses the request."};
    error.provider_code = word(document, "error");
    for (const Meaning& meaning : kMeanings) {
        if (meaning.code != error.provider_code)
            continue;
        error.status = meaning.status;
        error.message = std::string(meaning.message);
    }
    if (const std::string scope = word(document, "needed", ":.,"); !scope.empty())
        error.message += " Needed: " + scope + ".";
    return error;
}

quell::Error http_refusal(const quell::HttpResponse& response) {
    if (response.status == 429) {
        quell::Error error = quell::http_error(429, "Slack's rate limit is reached.");
        error.retry_after = quell::retry_after(response);
        return error;
    }
    return quell::http_error(response.status,
                             "Slack answered with HTTP status " + std::to_string(response.status) + ".");
}

bool is_unknown_user(const quell::Error& error) {
    return error.provider_code == "users_not_found" || error.provider_code == "user_not_found";
}

}  // namespace slack
