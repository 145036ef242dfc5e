// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "api/route.hpp"
#include "api/secret_routes.hpp"

// How calls about secrets are read and answered.
namespace quell::api {

// Empty where it is missing.
std::string text_of(const json::Object& object, std::string_view name);
std::vector<std::string> texts_of(const json::Array& array);
// `ttl` in seconds, or `duration` as text.
Result<std::optional<std::chrono::seconds>> ttl_of(const json::Object& body);
std::int64_t limit_of(const Call& call);
// Who calls and from where.
secrets::Access access_of(const Call& call);

// A06: `approvedBy` may be left out; if it is there, it is the caller.
Result<void> check_is_caller(const identity::Principal& caller, std::string_view named);

json::Object approval_of(const SecretServices& services, const approvals::Approval& approval);
json::Object pagination(const std::string& cursor);
// An error in the place of one answer of several.
json::Object refused_part(const std::string& resource, const Error& error);

// The error body, with what a client needs to go on in `details`; 410 for what has expired (AP-01).
Reply refusal(const Error& error);

}  // namespace quell::api
