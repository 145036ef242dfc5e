// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <concepts>
#include <exception>
#include <memory>
#include <string_view>
#include <typeinfo>
#include <utility>

#include <quell/detail/account_documents.hpp>
#include <quell/detail/device_documents.hpp>
#include <quell/detail/mcp_documents.hpp>
#include <quell/detail/people_documents.hpp>
#include <quell/detail/services.hpp>

// From the C tables of abi.h to the author's class. Every function here that the host calls is
// noexcept and lets no exception out (abi.h rule 9); the text of an exception goes nowhere, since
// it may quote a provider's body.

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

// One method: reads the request, runs `handle(call, typed request)`, replies or fails.
template <class Read, class Handle>
void run_method(const Services& services, quell_call* raw, quell_str text, Read read,
                Handle handle) noexcept {
    try {
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
    } catch (const std::exception& error) {
        fail_by_exception(services, raw, typeid(error).name());
    } catch (...) {
        fail_by_exception(services, raw, "not a std::exception");
    }
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

template <class Plugin>
inline constexpr quell_device_containment_v1 kDeviceContainment = {
    sizeof(quell_device_containment_v1), 0,
    &call_method<Plugin, DeviceContainment, &read_resolve, &DeviceContainment::resolve>,
    &call_method<Plugin, DeviceContainment, &read_apply, &DeviceContainment::apply>,
    &call_method<Plugin, DeviceContainment, &read_poll, &DeviceContainment::poll>};

template <class Plugin>
inline constexpr quell_session_revocation_v1 kSessionRevocation = {
    sizeof(quell_session_revocation_v1), 0,
    &call_method<Plugin, SessionRevocation, &read_account_lookup, &SessionRevocation::resolve>,
    &call_method<Plugin, SessionRevocation, &read_revoke, &SessionRevocation::revoke>};

template <class Plugin>
void check_health(quell_instance* raw, quell_call* call, quell_str text) noexcept {
    auto& instance = from_raw<Plugin>(raw);
    Health& target = *instance.plugin;
    run_method(
        instance.services, call, text,
        [](const nlohmann::json& document) { return Result<nlohmann::json>(document); },
        [&target](Call& open, const nlohmann::json&) { return target.check(open); });
}

template <class Plugin>
inline constexpr quell_health_v1 kHealth = {sizeof(quell_health_v1), 0, &check_health<Plugin>};

template <class Plugin>
void list_content(quell_instance* raw, quell_call* call, quell_str text) noexcept {
    auto& instance = from_raw<Plugin>(raw);
    McpContent& target = *instance.plugin;
    run_method(
        instance.services, call, text,
        [](const nlohmann::json& document) { return Result<nlohmann::json>(document); },
        [&target](Call& open, const nlohmann::json&) { return target.list(open); });
}

template <class Plugin>
void cancel_task(quell_instance* raw, quell_call* call, quell_str text) noexcept {
    auto& instance = from_raw<Plugin>(raw);
    McpContent& target = *instance.plugin;
    run_method(instance.services, call, text, &read_task_query,
               [&target](Call& open, const McpTaskQuery& query) -> Result<NothingToSay> {
                   if (const auto cancelled = target.cancel_task(open, query.continuation); !cancelled)
                       return cancelled.error();
                   return NothingToSay{};
               });
}

template <class Plugin>
inline constexpr quell_mcp_content_v1 kMcpContent = {
    sizeof(quell_mcp_content_v1), 0, &list_content<Plugin>,
    &call_method<Plugin, McpContent, &read_tool_call, &McpContent::call_tool>,
    &call_method<Plugin, McpContent, &read_resource_read, &McpContent::read_resource>,
    &call_method<Plugin, McpContent, &read_prompt_get, &McpContent::get_prompt>,
    &call_method<Plugin, McpContent, &read_completion_query, &McpContent::complete>,
    &call_method<Plugin, McpContent, &read_task_query, &McpContent::continue_task>,
    &cancel_task<Plugin>};

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

template <class Plugin>
inline constexpr quell_challenge_channel_v1 kChallengeChannel = {
    sizeof(quell_challenge_channel_v1), 0,
    &call_method<Plugin, ChallengeChannel, &read_challenge, &ChallengeChannel::send>,
    &call_silent_method<Plugin, ChallengeChannel, &read_ended_challenge, &ChallengeChannel::update>,
    &call_silent_method<Plugin, ChallengeChannel, &read_withdrawn_challenge,
                        &ChallengeChannel::cancel>};

template <class Plugin>
inline constexpr quell_inbound_event_v1 kInboundEvents = {
    sizeof(quell_inbound_event_v1), 0,
    &call_method<Plugin, InboundEvents, &read_inbound, &InboundEvents::handle>};

template <class Plugin>
inline constexpr quell_notification_channel_v1 kNotificationChannel = {
    sizeof(quell_notification_channel_v1), 0,
    &call_method<Plugin, NotificationChannel, &read_notification, &NotificationChannel::notify>};

template <class Plugin>
inline constexpr quell_identity_lookup_v1 kIdentityLookup = {
    sizeof(quell_identity_lookup_v1), 0,
    &call_method<Plugin, IdentityLookup, &read_person_lookup, &IdentityLookup::find_user>};

template <class Plugin>
const void* capability(quell_str raw) noexcept {
    const std::string_view id = to_view(raw);
    if constexpr (std::derived_from<Plugin, DeviceContainment>) {
        if (id == "device_containment/1")
            return &kDeviceContainment<Plugin>;
    }
    if constexpr (std::derived_from<Plugin, SessionRevocation>) {
        if (id == "session_revocation/1")
            return &kSessionRevocation<Plugin>;
    }
    if constexpr (std::derived_from<Plugin, Health>) {
        if (id == "health/1")
            return &kHealth<Plugin>;
    }
    if constexpr (std::derived_from<Plugin, McpContent>) {
        if (id == "mcp_content/1")
            return &kMcpContent<Plugin>;
    }
    if constexpr (std::derived_from<Plugin, ChallengeChannel>) {
        if (id == "challenge_channel/1")
            return &kChallengeChannel<Plugin>;
    }
    if constexpr (std::derived_from<Plugin, InboundEvents>) {
        if (id == "inbound_event/1")
            return &kInboundEvents<Plugin>;
    }
    if constexpr (std::derived_from<Plugin, NotificationChannel>) {
        if (id == "notification_channel/1")
            return &kNotificationChannel<Plugin>;
    }
    if constexpr (std::derived_from<Plugin, IdentityLookup>) {
        if (id == "identity_lookup/1")
            return &kIdentityLookup<Plugin>;
    }
    return nullptr;
}

template <class Plugin>
Result<std::unique_ptr<Plugin>> make_plugin(quell_str config) {
    QUELL_TRY(const Settings settings, parse_settings(to_view(config)));
    return Plugin::create(settings);
}

template <class Plugin>
std::int32_t create(quell_host* host, const quell_host_api* api, quell_call* call, quell_str config,
                    quell_instance** out) noexcept {
    const Services services = find_services(host, *api);
    if (!services.complete())
        return QUELL_FAILED_PRECONDITION;
    try {
        auto plugin = make_plugin<Plugin>(config);
        if (!plugin) {
            fail(services, call, plugin.error());
            return static_cast<std::int32_t>(plugin.error().status);
        }
        auto instance = std::make_unique<Instance<Plugin>>(services, *std::move(plugin));
        *out = reinterpret_cast<quell_instance*>(instance.release());
        return QUELL_OK;
    } catch (...) {
        fail_by_exception(services, call, "create");
        return QUELL_INTERNAL;
    }
}

template <class Plugin>
void destroy(quell_instance* raw) noexcept {
    delete reinterpret_cast<Instance<Plugin>*>(raw);
}

}  // namespace quell::inline v1::detail
