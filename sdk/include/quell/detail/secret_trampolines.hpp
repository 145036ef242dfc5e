// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/detail/method_call.hpp>

// From the C table of secret_backend/1 to the author's class.

namespace quell::inline v1::detail {

// A method whose answer goes out through reply_secret.
template <class Plugin, auto read, auto method>
void call_secret_reply(quell_instance* raw, quell_call* call, quell_str text) noexcept {
    auto& instance = from_raw<Plugin>(raw);
    SecretBackend& target = *instance.plugin;
    guard_method(instance.services, call, [&] {
        const auto document = parse_document(to_view(text));
        if (!document || !document->is_object())
            return fail(instance.services, call, invalid_argument("The request is not a JSON object."));
        const auto request = read(*document);
        if (!request)
            return fail(instance.services, call, request.error());
        Call open(instance.services, call);
        const auto answer = (target.*method)(open, *request);
        if (!answer)
            return fail(instance.services, call, answer.error());
        const SecretValue reply = to_secret_document(*answer);
        instance.services.call->reply_secret(call, to_str(reply.reveal()));
    });
}

// A method whose request is a secret document.
template <class Plugin, auto read, auto method>
void call_secret_request(quell_instance* raw, quell_call* call, quell_str text) noexcept {
    auto& instance = from_raw<Plugin>(raw);
    SecretBackend& target = *instance.plugin;
    guard_method(instance.services, call, [&] {
        const auto request = read(to_view(text));
        if (!request)
            return fail(instance.services, call, request.error());
        Call open(instance.services, call);
        const auto answer = (target.*method)(open, *request);
        if (!answer)
            return fail(instance.services, call, answer.error());
        const std::string reply = reply_text(*answer);
        instance.services.call->reply(call, to_str(reply));
    });
}

template <class Plugin>
inline constexpr quell_secret_backend_v1 kSecretBackend = {
    sizeof(quell_secret_backend_v1), 0,
    &call_method<Plugin, SecretBackend, &read_secret_path, &SecretBackend::describe>,
    &call_method<Plugin, SecretBackend, &read_secret_path, &SecretBackend::list>,
    &call_secret_reply<Plugin, &read_secret_read, &SecretBackend::read>,
    &call_secret_request<Plugin, &read_secret_write, &SecretBackend::write>,
    &call_secret_request<Plugin, &read_secret_rotation, &SecretBackend::rotate>,
    &call_method<Plugin, SecretBackend, &read_secret_hold, &SecretBackend::renew>,
    &call_silent_method<Plugin, SecretBackend, &read_secret_hold, &SecretBackend::revoke>,
    &call_secret_reply<Plugin, &read_secret_wrap, &SecretBackend::wrap>};

}  // namespace quell::inline v1::detail
