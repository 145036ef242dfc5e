// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/abi.h>

#include <string_view>

// Reading a plugin's tables by the rules of abi.h: a field is touched only if its writer knew it.
// Included by the host (in-process plugins) and by the runner.
namespace quell::plugins {

inline std::string_view view(const quell_str& text) {
    return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

inline quell_str borrow(std::string_view text) { return {text.data(), text.size()}; }

// Why this table cannot be served, or null.
inline const char* refusal_of(const quell_plugin* plugin) {
    if (plugin == nullptr) {
        return "quell_plugin_entry returned no table: the plugin cannot serve this version of the host";
    }
    if (!QUELL_HAS(plugin, quell_plugin, abi_major) || plugin->abi_major != QUELL_ABI_MAJOR) {
        return "the plugin's table has another ABI major version than 1";
    }
    if (!QUELL_HAS(plugin, quell_plugin, capability)) {
        return "the plugin's table is shorter than ABI 1.0";
    }
    if (plugin->create == nullptr || plugin->destroy == nullptr || plugin->capability == nullptr) {
        return "the plugin's table lacks create, destroy or capability";
    }
    return nullptr;
}

namespace detail {

inline quell_method device_containment(const quell_device_containment_v1* table, std::string_view method) {
    if (method == "resolve" && QUELL_HAS(table, quell_device_containment_v1, resolve)) {
        return table->resolve;
    }
    if (method == "apply" && QUELL_HAS(table, quell_device_containment_v1, apply)) {
        return table->apply;
    }
    return method == "poll" && QUELL_HAS(table, quell_device_containment_v1, poll) ? table->poll : nullptr;
}

inline quell_method session_revocation(const quell_session_revocation_v1* table, std::string_view method) {
    if (method == "resolve" && QUELL_HAS(table, quell_session_revocation_v1, resolve)) {
        return table->resolve;
    }
    return method == "revoke" && QUELL_HAS(table, quell_session_revocation_v1, revoke) ? table->revoke : nullptr;
}

inline quell_method health(const quell_health_v1* table, std::string_view method) {
    return method == "check" && QUELL_HAS(table, quell_health_v1, check) ? table->check : nullptr;
}

inline quell_method mcp_content(const quell_mcp_content_v1* table, std::string_view method) {
    if (method == "list" && QUELL_HAS(table, quell_mcp_content_v1, list)) {
        return table->list;
    }
    if (method == "call_tool" && QUELL_HAS(table, quell_mcp_content_v1, call_tool)) {
        return table->call_tool;
    }
    if (method == "read_resource" && QUELL_HAS(table, quell_mcp_content_v1, read_resource)) {
        return table->read_resource;
    }
    if (method == "get_prompt" && QUELL_HAS(table, quell_mcp_content_v1, get_prompt)) {
        return table->get_prompt;
    }
    if (method == "complete" && QUELL_HAS(table, quell_mcp_content_v1, complete)) {
        return table->complete;
    }
    if (method == "continue_task" && QUELL_HAS(table, quell_mcp_content_v1, continue_task)) {
        return table->continue_task;
    }
    return method == "cancel_task" && QUELL_HAS(table, quell_mcp_content_v1, cancel_task) ? table->cancel_task : nullptr;
}

inline quell_method challenge_channel(const quell_challenge_channel_v1* table, std::string_view method) {
    if (method == "send" && QUELL_HAS(table, quell_challenge_channel_v1, send)) {
        return table->send;
    }
    if (method == "update" && QUELL_HAS(table, quell_challenge_channel_v1, update)) {
        return table->update;
    }
    return method == "cancel" && QUELL_HAS(table, quell_challenge_channel_v1, cancel) ? table->cancel : nullptr;
}

inline quell_method inbound_event(const quell_inbound_event_v1* table, std::string_view method) {
    return method == "handle" && QUELL_HAS(table, quell_inbound_event_v1, handle) ? table->handle : nullptr;
}

inline quell_method notification_channel(const quell_notification_channel_v1* table, std::string_view method) {
    return method == "notify" && QUELL_HAS(table, quell_notification_channel_v1, notify) ? table->notify : nullptr;
}

inline quell_method identity_lookup(const quell_identity_lookup_v1* table, std::string_view method) {
    return method == "find_user" && QUELL_HAS(table, quell_identity_lookup_v1, find_user) ? table->find_user : nullptr;
}

inline quell_method secret_backend(const quell_secret_backend_v1* table, std::string_view method) {
    if (method == "describe" && QUELL_HAS(table, quell_secret_backend_v1, describe)) {
        return table->describe;
    }
    if (method == "list" && QUELL_HAS(table, quell_secret_backend_v1, list)) {
        return table->list;
    }
    if (method == "read" && QUELL_HAS(table, quell_secret_backend_v1, read)) {
        return table->read;
    }
    if (method == "write" && QUELL_HAS(table, quell_secret_backend_v1, write)) {
        return table->write;
    }
    if (method == "rotate" && QUELL_HAS(table, quell_secret_backend_v1, rotate)) {
        return table->rotate;
    }
    if (method == "renew" && QUELL_HAS(table, quell_secret_backend_v1, renew)) {
        return table->renew;
    }
    if (method == "revoke" && QUELL_HAS(table, quell_secret_backend_v1, revoke)) {
        return table->revoke;
    }
    return method == "wrap" && QUELL_HAS(table, quell_secret_backend_v1, wrap) ? table->wrap : nullptr;
}

}  // namespace detail

// The method of a capability ("device_containment/1", "apply"), or null if the plugin does not have it.
inline quell_method find_method(const quell_plugin& plugin, std::string_view capability, std::string_view method) {
    const void* table = plugin.capability(borrow(capability));
    if (table == nullptr) {
        return nullptr;
    }
    if (capability == "device_containment/1") {
        return detail::device_containment(static_cast<const quell_device_containment_v1*>(table), method);
    }
    if (capability == "session_revocation/1") {
        return detail::session_revocation(static_cast<const quell_session_revocation_v1*>(table), method);
    }
    if (capability == "mcp_content/1") {
        return detail::mcp_content(static_cast<const quell_mcp_content_v1*>(table), method);
    }
    if (capability == "challenge_channel/1") {
        return detail::challenge_channel(static_cast<const quell_challenge_channel_v1*>(table), method);
    }
    if (capability == "inbound_event/1") {
        return detail::inbound_event(static_cast<const quell_inbound_event_v1*>(table), method);
    }
    if (capability == "notification_channel/1") {
        return detail::notification_channel(static_cast<const quell_notification_channel_v1*>(table), method);
    }
    if (capability == "identity_lookup/1") {
        return detail::identity_lookup(static_cast<const quell_identity_lookup_v1*>(table), method);
    }
    if (capability == "secret_backend/1") {
        return detail::secret_backend(static_cast<const quell_secret_backend_v1*>(table), method);
    }
    return capability == "health/1" ? detail::health(static_cast<const quell_health_v1*>(table), method) : nullptr;
}

}  // namespace quell::plugins
