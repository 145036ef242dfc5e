// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <quell/status.hpp>

namespace quell::inline v1 {

// Why something failed. A value type. `message` may be shown to the agent that asked: put no
// secrets and no text of the provider into it.
struct Error {
    Status status = Status::internal;
    std::string message{};
    std::string provider_code{};  // the vendor's own code, for example "E0000007"
    int http_status = 0;          // the vendor's HTTP status; 0: none
    std::optional<std::chrono::milliseconds> retry_after{};
};

inline Error invalid_argument(std::string message) {
    return Error{Status::invalid_argument, std::move(message)};
}

inline Error not_found(std::string message) {
    return Error{Status::not_found, std::move(message)};
}

inline Error unavailable(std::string message) {
    return Error{Status::unavailable, std::move(message)};
}

inline Error internal_error(std::string message) {
    return Error{Status::internal, std::move(message)};
}

// What a provider's HTTP status means to Quell, unless the plugin knows better: 401 is a matter of
// the settings, 403 of permissions, 5xx passes. A status without a code of its own reaches the
// caller as `http_<status>`.
inline Error http_error(int http_status, std::string message) {
    Error error{Status::unknown, std::move(message)};
    error.http_status = http_status;
    switch (http_status) {
        case 401:
            error.status = Status::unauthenticated;
            break;
        case 403:
            error.status = Status::permission_denied;
            break;
        case 404:
            error.status = Status::not_found;
            break;
        case 409:
            error.status = Status::aborted;
            break;
        case 429:
            error.status = Status::resource_exhausted;
            break;
        default:
            if (http_status >= 500)
                error.status = Status::unavailable;
    }
    return error;
}

}  // namespace quell::inline v1
