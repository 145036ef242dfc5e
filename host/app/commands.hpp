// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "app/services.hpp"
#include "json/value.hpp"

namespace quell::app {

// Who gives a command on this machine; acts with the rights of an owner (INTERFACES.md 5).
struct Actor {
    std::string id;  // "uid:0"
};

// The commands of the `quell` program that need the services, one function each; run_command.cpp names them.
// `arguments` is what the program read from its command line, checked again here.
using Command = Result<json::Value> (*)(Services& services, const json::Object& arguments, const Actor& actor);

Result<json::Value> create_client(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> list_clients(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> delete_client(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> regenerate_client_secret(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> create_initial_token(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> list_initial_tokens(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> delete_initial_token(Services& services, const json::Object& arguments, const Actor& actor);

Result<json::Value> add_user(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> list_users(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> set_user_role(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> set_user_password(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> remove_user(Services& services, const json::Object& arguments, const Actor& actor);

Result<json::Value> get_request(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> list_requests(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> reveal_pin(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> show_usage(Services& services, const json::Object& arguments, const Actor& actor);

Result<json::Value> list_challenges(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> show_challenge(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> cancel_challenge(Services& services, const json::Object& arguments, const Actor& actor);

Result<json::Value> reload_settings(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> list_plugins(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> plugin_status(Services& services, const json::Object& arguments, const Actor& actor);

Result<json::Value> tail_audit(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> verify_audit(Services& services, const json::Object& arguments, const Actor& actor);

Result<json::Value> back_up_store(Services& services, const json::Object& arguments, const Actor& actor);

Result<json::Value> examine(Services& services, const json::Object& arguments, const Actor& actor);

Result<json::Value> create_api_key(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> list_api_keys(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> delete_api_key(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> rotate_api_key(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> who_am_i(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> list_scopes(Services& services, const json::Object& arguments, const Actor& actor);

Result<json::Value> list_approvals(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> show_approval(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> approve_approval(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> deny_approval(Services& services, const json::Object& arguments, const Actor& actor);

Result<json::Value> list_secrets(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> set_secret(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> rotate_secret(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> roll_back_secret(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> delete_secret(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> rekey_secrets(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> list_accesses(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> show_secret_metric(Services& services, const json::Object& arguments, const Actor& actor);

// The command line as a principal of a tenant.
identity::Principal as_principal(const TenantId& tenant, const Actor& actor);
// A document of a use case as a command's answer. Our own, so no limit fits it.
Result<json::Value> as_answer(const Result<std::string>& document);

Result<json::Value> list_notifications(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> notification_state(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> retry_notification(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> test_notifications(Services& services, const json::Object& arguments, const Actor& actor);
Result<json::Value> show_webhook_secret(Services& services, const json::Object& arguments, const Actor& actor);

// None given: all scopes. A word that is no scope is refused, since it would silently grant less.
Result<identity::ScopeSet> scopes_argument(const json::Object& arguments);
// The tenant that a command names; it must be one of the settings.
Result<TenantId> tenant_argument(const Services& services, const json::Object& arguments);
Result<std::string> text_argument(const json::Object& arguments, std::string_view name);
// Absent or null: empty.
Result<std::vector<std::string>> list_argument(const json::Object& arguments, std::string_view name);

}  // namespace quell::app
