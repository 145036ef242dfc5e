// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace quell::oauth {

// What an OAuth endpoint refuses for. Several may have one wire code: what differs is whether it may be reported by
// a redirect. An unverified client or redirect URI never is, whoever raises it (RFC 6749 4.1.2.1, OA-02).
enum class ErrorCode {
    unverified_request,  // client or redirect URI not verified (yet)
    invalid_request,
    invalid_client,
    invalid_grant,
    unauthorized_client,
    unsupported_grant_type,
    unsupported_response_type,
    invalid_scope,
    invalid_target,  // RFC 8707 2
    access_denied,
    too_many_attempts,
    server_error,
    temporarily_unavailable,
    unverified_client,        // a metadata document that is refused, told to the person
    invalid_client_metadata,  // RFC 7591 3.2.2, as the next
    invalid_redirect_uri,
    too_large,
};

struct ErrorProperties {
    std::string_view wire;
    unsigned status;
    bool may_redirect;
};

const ErrorProperties& properties(ErrorCode code);

struct OAuthError {
    ErrorCode code;
    std::string description;  // may be shown
    std::optional<std::chrono::seconds> retry_after{};
};

// What a check answers: nothing, or why not.
using Refusal = std::optional<OAuthError>;

// The services below raise errors whose key is the wire code; any other key is a failure of the host.
OAuthError to_oauth(const Error& error);

}  // namespace quell::oauth
