// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/abi.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace quell::inline v1 {

// The 17 canonical codes of abi.h, spelled as in the JSON documents.
enum class Status : std::int32_t {
    ok = QUELL_OK,
    cancelled = QUELL_CANCELLED,
    unknown = QUELL_UNKNOWN,
    invalid_argument = QUELL_INVALID_ARGUMENT,
    deadline_exceeded = QUELL_DEADLINE_EXCEEDED,
    not_found = QUELL_NOT_FOUND,
    already_exists = QUELL_ALREADY_EXISTS,
    permission_denied = QUELL_PERMISSION_DENIED,
    resource_exhausted = QUELL_RESOURCE_EXHAUSTED,
    failed_precondition = QUELL_FAILED_PRECONDITION,
    aborted = QUELL_ABORTED,
    out_of_range = QUELL_OUT_OF_RANGE,
    unimplemented = QUELL_UNIMPLEMENTED,
    internal = QUELL_INTERNAL,
    unavailable = QUELL_UNAVAILABLE,
    data_loss = QUELL_DATA_LOSS,
    unauthenticated = QUELL_UNAUTHENTICATED,
};

namespace detail {
inline constexpr std::array<std::string_view, 17> kStatusNames = {
    "ok",
    "cancelled",
    "unknown",
    "invalid_argument",
    "deadline_exceeded",
    "not_found",
    "already_exists",
    "permission_denied",
    "resource_exhausted",
    "failed_precondition",
    "aborted",
    "out_of_range",
    "unimplemented",
    "internal",
    "unavailable",
    "data_loss",
    "unauthenticated",
};
}  // namespace detail

constexpr std::string_view to_string(Status status) {
    const auto index = static_cast<std::size_t>(status);
    return index < detail::kStatusNames.size() ? detail::kStatusNames[index] : "unknown";
}

constexpr std::optional<Status> parse_status(std::string_view name) {
    for (std::size_t index = 0; index < detail::kStatusNames.size(); ++index) {
        if (detail::kStatusNames[index] == name)
            return static_cast<Status>(index);
    }
    return std::nullopt;
}

}  // namespace quell::inline v1
