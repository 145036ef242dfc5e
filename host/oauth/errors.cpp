// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/errors.hpp"

#include <array>

namespace quell::oauth {
namespace {

// In the order of ErrorCode. Statuses: RFC 6749 5.2, RFC 6585 4.
constexpr std::array<ErrorProperties, 17> kProperties = {{
    {"invalid_request", 400, false},
    {"invalid_request", 400, true},
    {"invalid_client", 401, false},
    {"invalid_grant", 400, false},
    {"unauthorized_client", 400, true},
    {"unsupported_grant_type", 400, false},
    {"unsupported_response_type", 400, true},
    {"invalid_scope", 400, true},
    {"invalid_target", 400, true},
    {"access_denied", 403, true},
    {"temporarily_unavailable", 429, false},
    {"server_error", 500, true},
    {"temporarily_unavailable", 503, true},
    {"invalid_client", 400, false},
    {"invalid_client_metadata", 400, false},
    {"invalid_redirect_uri", 400, false},
    {"invalid_client_metadata", 413, false},
}};

std::optional<ErrorCode> with_wire_code(std::string_view key) {
    for (const ErrorCode code :
         {ErrorCode::invalid_request, ErrorCode::invalid_client, ErrorCode::invalid_grant,
          ErrorCode::unauthorized_client, ErrorCode::invalid_scope, ErrorCode::invalid_target,
          ErrorCode::access_denied, ErrorCode::invalid_client_metadata, ErrorCode::invalid_redirect_uri}) {
        if (properties(code).wire == key) {
            return code;
        }
    }
    return std::nullopt;
}

}  // namespace

const ErrorProperties& properties(ErrorCode code) {
    return kProperties[static_cast<std::size_t>(code)];
}

OAuthError to_oauth(const Error& error) {
    if (const auto code = with_wire_code(error->key)) {
        return {*code, error->message};
    }
    if (error->key == "rate_limited") {
        return {ErrorCode::too_many_attempts, error->message, std::chrono::seconds(error->retry_after_seconds)};
    }
    // A store or audit trail that cannot be written comes back; nothing of its text leaves the host (LG-03).
    if (error->code == Code::unavailable) {
        return {ErrorCode::temporarily_unavailable, "The host cannot record this now; try again."};
    }
    return {ErrorCode::server_error, "The host failed inside; its log says why."};
}

}  // namespace quell::oauth
