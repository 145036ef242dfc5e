// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "json/value.hpp"

namespace quell::orders {

// The arguments that every order takes beside its own.
struct SharedArguments {
    std::optional<std::vector<std::string>> integration_targets;
    std::optional<std::string> reason;
    bool dry_run = false;
    std::optional<std::string> idempotency_key;
};

// invalid_arguments that names the member: a wrong type, more than 32 targets, a reason of more than 2000 characters, an
// idempotency_key that is empty or longer than 128 characters.
Result<SharedArguments> read_shared_arguments(const json::Object& object);

// invalid_arguments for a member that is none of `known`, with the known ones.
Result<void> refuse_other_members(const json::Object& object, std::span<const std::string_view> known);

// A member's text as the audit of a refused call keeps it: at most 300 bytes; empty where there is no text.
std::string noted_text(const json::Object& object, std::string_view name);

}  // namespace quell::orders
