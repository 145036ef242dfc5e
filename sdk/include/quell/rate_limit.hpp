// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <charconv>
#include <chrono>
#include <optional>

#include <quell/http_client.hpp>

namespace quell::inline v1 {

// When to come back, for Error::retry_after, from an answer 429 or 503; nothing if the provider did not say. The host
// has waited already as long as the call's deadline allowed, and whatever form the provider used it hands the wait on
// as Retry-After in seconds: a plugin neither waits nor reads clocks.
inline std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response) {
    const std::string* header = response.header("retry-after");
    int seconds = 0;
    if (header == nullptr)
        return std::nullopt;
    const char* end = header->data() + header->size();
    const auto read = std::from_chars(header->data(), end, seconds);
    if (read.ec != std::errc{} || read.ptr != end || seconds < 0)
        return std::nullopt;
    return std::chrono::seconds{seconds};
}

}  // namespace quell::inline v1
