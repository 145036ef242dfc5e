// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <concepts>
#include <memory>
#include <string_view>
#include <utility>

#include <quell/detail/method_call.hpp>
#include <quell/detail/secret_trampolines.hpp>

// From the C tables of abi.h to the author's class.

namespace quell::inline v1::detail {

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
    if constexpr (std::derived_from<Plugin, SecretBackend>) {
        if (id == "secret_backend/1")
            return &kSecretBackend<Plugin>;
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
