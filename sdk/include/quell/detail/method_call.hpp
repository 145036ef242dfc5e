// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>

#include <quell/call.hpp>
#include <quell/detail/account_documents.hpp>
#include <quell/detail/device_documents.hpp>
#include <quell/detail/mcp_documents.hpp>
#include <quell/detail/people_documents.hpp>
#include <quell/detail/secret_documents.hpp>
#include <quell/detail/services.hpp>

// What every method of a C table is made of. Every function here that the host calls is noexcept
// and lets no exception out (abi.h rule 9); the text of an exception goes nowhere, since it may
// quote a provider's body. All documents come first: reply_text must see each to_document.

namespace quell::inline v1::detail {

// What a quell_instance of this SDK points to.
template <class Plugin>
struct Instance {
    Services services;
    std::unique_ptr<Plugin> plugin;
};

inline void fail(const Services& services, quell_call* call, const Error& error) noexcept {
    quell_error raw{};
    raw.size = sizeof raw;
    raw.status =
        error.status == Status::ok ? QUELL_INTERNAL : static_cast<std::int32_t>(error.status);
    raw.message = to_str(error.message);
    raw.provider_code = to_str(error.provider_code);
    raw.retry_after_ms = error.retry_after ? error.retry_after->count() : -1;
    raw.http_status = error.http_status;
    services.call->fail(call, &raw);
}

inline void fail_by_exception(const Services& services, quell_call* call,
                              std::string_view type) noexcept {
    constexpr std::string_view kMessage = "The plugin failed unexpectedly.";
    quell_error raw{};
    raw.size = sizeof raw;
    raw.status = QUELL_INTERNAL;
    raw.message = to_str(kMessage);
    raw.retry_after_ms = -1;
    services.log->write(services.host, call, QUELL_LOG_ERROR, to_str("exception in a method"),
                        to_str({}));
    services.log->write(services.host, call, QUELL_LOG_ERROR, to_str(type), to_str({}));
    services.call->fail(call, &raw);
}

template <class Answer>
std::string reply_text(const Answer& answer) {
    return to_text(to_document(answer));
}

// Runs the body of one method; whatever it throws becomes a failure of the call.
template <class Body>
void guard_method(const Services& services, quell_call* call, Body body) noexcept {
    try {
        body();
    } catch (const std::exception& error) {
        fail_by_exception(services, call, typeid(error).name());
    } catch (...) {
        fail_by_exception(services, call, "not a std::exception");
    }
}

// One method: reads the request, runs `handle(call, typed request)`, replies or fails.
template <class Read, class Handle>
void run_method(const Services& services, quell_call* raw, quell_str text, Read read,
                Handle handle) noexcept {
    guard_method(services, raw, [&] {
        const auto document = parse_document(to_view(text));
        if (!document || !document->is_object())
            return fail(services, raw, invalid_argument("The request is not a JSON object."));
        const auto request = read(*document);
        if (!request)
            return fail(services, raw, request.error());
        Call call(services, raw);
        const auto answer = handle(call, *request);
        if (!answer)
            return fail(services, raw, answer.error());
        const std::string reply = reply_text(*answer);
        services.call->reply(raw, to_str(reply));
    });
}

template <class Plugin>
Instance<Plugin>& from_raw(quell_instance* raw) {
    return *reinterpret_cast<Instance<Plugin>*>(raw);
}

// A quell_method that hands its request, read by `read`, to the member function `method` of
// `Interface`.
template <class Plugin, class Interface, auto read, auto method>
void call_method(quell_instance* raw, quell_call* call, quell_str text) noexcept {
    auto& instance = from_raw<Plugin>(raw);
    Interface& target = *instance.plugin;
    run_method(instance.services, call, text, read, [&target](Call& open, const auto& request) {
        return (target.*method)(open, request);
    });
}

// As call_method, for a method that has nothing to tell but that it is done.
template <class Plugin, class Interface, auto read, auto method>
void call_silent_method(quell_instance* raw, quell_call* call, quell_str text) noexcept {
    auto& instance = from_raw<Plugin>(raw);
    Interface& target = *instance.plugin;
    run_method(instance.services, call, text, read,
               [&target](Call& open, const auto& request) -> Result<NothingToSay> {
                   if (const auto done = (target.*method)(open, request); !done)
                       return done.error();
                   return NothingToSay{};
               });
}

}  // namespace quell::inline v1::detail
