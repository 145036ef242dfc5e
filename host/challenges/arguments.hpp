// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "challenges/terms.hpp"
#include "json/value.hpp"

namespace quell::challenges {

// What create_challenge is asked, from any door (V31 to V39).
struct CreateArguments {
    std::optional<std::string> target_user_id;
    std::optional<std::string> target_user_email;  // in the normal form
    std::optional<std::string> context;
    std::optional<std::string> callback_url;
    std::optional<std::string> requester_id;
    std::optional<std::string> requester_email;
    IntegrationType integration_type = IntegrationType::webhook;
    std::optional<std::string> slack_user_id;     // of the requester
    std::optional<std::chrono::minutes> expiry;   // none: the tenant's
    std::optional<std::string> idempotency_key;
};

// invalid_arguments for a missing, unknown or wrong member, with the allowed values; neither target: names both (V31).
Result<CreateArguments> read_arguments(const json::Object& object);

// SHA-256 over the canonical arguments, all but the key: what the same challenge means (idempotency).
std::string arguments_digest(const CreateArguments& arguments);

}  // namespace quell::challenges
