// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/verdict.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace quell::orders {
namespace {

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& keys, std::string_view key) {
    return std::ranges::find(keys, key) != keys.end();
}

// 408 and 425 mean "not now", 409 that something is going on: neither says that nothing was done.
bool is_refusing_status(std::string_view key) {
    return key.starts_with("http_4") && key.size() == 8 && key != "http_408" && key != "http_409" && key != "http_425";
}

Error not_refused(const Error& claimed) {
    Error error(Code::unavailable, "connector_unavailable",
                "The connector says that the order was refused, but the provider did not refuse it.");
    return std::move(error).detail("the connector said " + claimed->key);
}

}  // namespace

bool is_refusal(const Error& error) {
    static constexpr std::array<std::string_view, 7> kKeys = {
        "rate_limited",         "device_not_found",     "user_not_found",           "connector_misconfigured",
        "action_not_supported", "invalid_lookup_value", "lookup_type_not_supported"};
    return is_one_of(kKeys, error->key) || is_refusing_status(error->key);
}

Ending ending_of(int status) {
    if (is_refusing_status("http_" + std::to_string(status))) {
        return Ending::refused;
    }
    return status >= 200 && status <= 299 ? Ending::taken : Ending::open;
}

Error believed(const Error& error, bool may_be_refused) {
    return may_be_refused || !is_refusal(error) ? error : not_refused(error);
}

bool is_transient(const Error& error) {
    static constexpr std::array<std::string_view, 4> kKeys = {"rate_limited", "deadline_exceeded",
                                                              "connector_unavailable", "http_408"};
    return error->retryable || is_one_of(kKeys, error->key) || error->key.starts_with("http_5") ||
           error->code == Code::cancelled;
}

bool says_not_done(const Error& error) {
    return error->code == Code::not_found || error->key == "device_not_found" || error->key == "user_not_found";
}

}  // namespace quell::orders
