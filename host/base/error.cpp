// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/error.hpp"

#include <array>

namespace quell {

std::string_view to_string(Code code) {
    static constexpr std::array<std::string_view, 17> kNames = {
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
    const auto index = static_cast<std::size_t>(code);
    return index < kNames.size() ? kNames[index] : "unknown";
}

Error&& Error::allowed(std::vector<std::string> values) && {
    members_->allowed = std::move(values);
    return std::move(*this);
}

Error&& Error::candidates(std::vector<Candidate> values) && {
    members_->candidates = std::move(values);
    return std::move(*this);
}

Error&& Error::next_step(std::string text) && {
    members_->next_step = std::move(text);
    return std::move(*this);
}

Error&& Error::detail(std::string text) && {
    members_->detail = std::move(text);
    return std::move(*this);
}

Error&& Error::retryable(std::int64_t after_seconds) && {
    members_->retryable = true;
    members_->retry_after_seconds = after_seconds;
    return std::move(*this);
}

Error invalid_arguments(std::string message) {
    return {Code::invalid_argument, "invalid_arguments", std::move(message)};
}

Error internal_error(std::string detail) {
    return Error(Error::Members{
        .code = Code::internal,
        .key = "internal_error",
        .message = "The host failed inside; its log says why.",
        .next_step = "Tell the administrator of this host, with the request id if there is one.",
        .detail = std::move(detail)});
}

}  // namespace quell
