// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/methods.hpp"

#include <array>

#include "json/parse.hpp"

namespace quell::embedded {
extern const std::string_view device_containment_1_resolve_reply;
extern const std::string_view device_containment_1_apply_reply;
extern const std::string_view device_containment_1_poll_reply;
extern const std::string_view session_revocation_1_resolve_reply;
extern const std::string_view session_revocation_1_revoke_reply;
extern const std::string_view health_1_check_reply;
extern const std::string_view mcp_content_1_list_reply;
extern const std::string_view mcp_content_1_call_tool_reply;
extern const std::string_view mcp_content_1_read_resource_reply;
extern const std::string_view mcp_content_1_get_prompt_reply;
extern const std::string_view mcp_content_1_complete_reply;
extern const std::string_view mcp_content_1_continue_task_reply;
extern const std::string_view mcp_content_1_cancel_task_reply;
extern const std::string_view challenge_channel_1_send_reply;
extern const std::string_view challenge_channel_1_update_reply;
extern const std::string_view challenge_channel_1_cancel_reply;
extern const std::string_view inbound_event_1_handle_reply;
extern const std::string_view notification_channel_1_notify_reply;
extern const std::string_view identity_lookup_1_find_user_reply;
extern const std::string_view secret_backend_1_describe_reply;
extern const std::string_view secret_backend_1_list_reply;
extern const std::string_view secret_backend_1_read_reply;
extern const std::string_view secret_backend_1_write_reply;
extern const std::string_view secret_backend_1_rotate_reply;
extern const std::string_view secret_backend_1_renew_reply;
extern const std::string_view secret_backend_1_revoke_reply;
extern const std::string_view secret_backend_1_wrap_reply;
}  // namespace quell::embedded

namespace quell::plugins {
namespace {

json::Schema compile(std::string_view text) { return json::Schema::compile(json::parse(text).value()).value(); }

const std::array<Method, 27>& methods() {
    static const std::array<Method, 27> all = {
        Method{"device_containment/1", "resolve", compile(embedded::device_containment_1_resolve_reply)},
        Method{"device_containment/1", "apply", compile(embedded::device_containment_1_apply_reply)},
        Method{"device_containment/1", "poll", compile(embedded::device_containment_1_poll_reply)},
        Method{"session_revocation/1", "resolve", compile(embedded::session_revocation_1_resolve_reply)},
        Method{"session_revocation/1", "revoke", compile(embedded::session_revocation_1_revoke_reply)},
        Method{"health/1", "check", compile(embedded::health_1_check_reply)},
        Method{"mcp_content/1", "list", compile(embedded::mcp_content_1_list_reply)},
        Method{"mcp_content/1", "call_tool", compile(embedded::mcp_content_1_call_tool_reply)},
        Method{"mcp_content/1", "read_resource", compile(embedded::mcp_content_1_read_resource_reply)},
        Method{"mcp_content/1", "get_prompt", compile(embedded::mcp_content_1_get_prompt_reply)},
        Method{"mcp_content/1", "complete", compile(embedded::mcp_content_1_complete_reply)},
        Method{"mcp_content/1", "continue_task", compile(embedded::mcp_content_1_continue_task_reply)},
        Method{"mcp_content/1", "cancel_task", compile(embedded::mcp_content_1_cancel_task_reply)},
        Method{"challenge_channel/1", "send", compile(embedded::challenge_channel_1_send_reply)},
        Method{"challenge_channel/1", "update", compile(embedded::challenge_channel_1_update_reply)},
        Method{"challenge_channel/1", "cancel", compile(embedded::challenge_channel_1_cancel_reply)},
        Method{"inbound_event/1", "handle", compile(embedded::inbound_event_1_handle_reply)},
        Method{"notification_channel/1", "notify", compile(embedded::notification_channel_1_notify_reply)},
        Method{"identity_lookup/1", "find_user", compile(embedded::identity_lookup_1_find_user_reply)},
        Method{"secret_backend/1", "describe", compile(embedded::secret_backend_1_describe_reply)},
        Method{"secret_backend/1", "list", compile(embedded::secret_backend_1_list_reply)},
        Method{"secret_backend/1", "read", compile(embedded::secret_backend_1_read_reply), true},
        Method{"secret_backend/1", "write", compile(embedded::secret_backend_1_write_reply)},
        Method{"secret_backend/1", "rotate", compile(embedded::secret_backend_1_rotate_reply)},
        Method{"secret_backend/1", "renew", compile(embedded::secret_backend_1_renew_reply)},
        Method{"secret_backend/1", "revoke", compile(embedded::secret_backend_1_revoke_reply)},
        Method{"secret_backend/1", "wrap", compile(embedded::secret_backend_1_wrap_reply), true}};
    return all;
}

}  // namespace

const Method* known_method(std::string_view capability, std::string_view name) {
    for (const Method& method : methods()) {
        if (method.capability == capability && method.name == name) {
            return &method;
        }
    }
    return nullptr;
}

}  // namespace quell::plugins
