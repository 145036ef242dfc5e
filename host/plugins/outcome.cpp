// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/outcome.hpp"

#include "base/encoding.hpp"

namespace quell::plugins {
namespace {

constexpr std::size_t kMaxShown = 1000;

std::int64_t whole_seconds(std::int64_t millis) { return millis < 0 ? -1 : millis / 1000 + (millis % 1000 > 0 ? 1 : 0); }

std::string not_found_key(std::string_view capability) {
    if (capability.starts_with("device_containment/")) {
        return "device_not_found";
    }
    for (const std::string_view of_people :
         {"session_revocation/", "challenge_channel/", "notification_channel/", "identity_lookup/"}) {
        if (capability.starts_with(of_people)) {
            return "user_not_found";
        }
    }
    return capability.starts_with("secret_backend/") ? "secret_not_found" : "plugin_error";
}

std::string other_key(const Failure& failure) {
    const bool plausible = failure.http_status >= 100 && failure.http_status <= 599;
    return plausible ? "http_" + std::to_string(failure.http_status) : "plugin_error";
}

std::string key_of(const Failure& failure, std::string_view capability) {
    switch (failure.status) {
        case Code::invalid_argument:
            return "invalid_lookup_value";
        case Code::not_found:
            return not_found_key(capability);
        case Code::unauthenticated:
        case Code::failed_precondition:
            return "connector_misconfigured";
        case Code::resource_exhausted:
            return "rate_limited";
        case Code::deadline_exceeded:
            return "deadline_exceeded";
        case Code::unavailable:
        case Code::data_loss:  // PF-04: the provider's answer was cut or too large
            return "connector_unavailable";
        case Code::unimplemented:
            return "action_not_supported";
        default:
            return other_key(failure);
    }
}

bool is_retryable(Code status) {
    return status == Code::unavailable || status == Code::resource_exhausted || status == Code::deadline_exceeded ||
           status == Code::aborted || status == Code::data_loss;
}

}  // namespace

Code read_status(std::int32_t status) {
    const bool known = status > 0 && status <= static_cast<std::int32_t>(Code::unauthenticated);
    return known ? static_cast<Code>(status) : Code::internal;
}

Error to_error(const Failure& failure, std::string_view capability) {
    std::string message = presentable(failure.message);
    if (message.empty()) {
        message = "The plugin failed without saying why.";
    }
    return Error(Error::Members{.code = failure.status,
                                .key = key_of(failure, capability),
                                .message = std::move(message),
                                .retryable = is_retryable(failure.status),
                                .retry_after_seconds = whole_seconds(failure.retry_after_ms),
                                .detail = failure.provider_code.empty()
                                              ? std::string()
                                              : "provider code " + presentable(failure.provider_code)});
}

Error bad_result(std::string_view what) {
    return Error(Code::internal, "plugin_bad_result", "The plugin's answer is not what its capability promises.")
        .detail(presentable(what));
}

Error deadline_exceeded() {
    return Error(Code::deadline_exceeded, "deadline_exceeded", "The connector did not answer in time.").retryable();
}

Error call_cancelled() {
    return {Code::cancelled, "deadline_exceeded", "The call was cancelled before the connector answered."};
}

Error unavailable(std::string message, std::int64_t retry_after_ms) {
    return Error(Code::unavailable, "connector_unavailable", std::move(message))
        .retryable(whole_seconds(retry_after_ms));
}

std::string presentable(std::string_view text) {
    std::string shown;
    for (const char c : text.substr(0, kMaxShown)) {
        const auto byte = static_cast<unsigned char>(c);
        shown += byte < 0x20 || byte == 0x7F ? ' ' : c;
    }
    while (!shown.empty() && !is_utf8(shown) && shown.size() + 4 > std::min(text.size(), kMaxShown)) {
        shown.pop_back();  // the cut may have gone through a character
    }
    return is_utf8(shown) ? shown : "(text that is not UTF-8)";
}

}  // namespace quell::plugins
