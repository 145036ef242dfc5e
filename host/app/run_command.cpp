// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/run_command.hpp"

#include "json/parse.hpp"
#include "json/read.hpp"

namespace quell::app {
namespace {

struct NamedCommand {
    std::string_view name;
    Command run;
};

constexpr std::array kCommands = {
    NamedCommand{"client.create", create_client},
    NamedCommand{"client.list", list_clients},
    NamedCommand{"client.delete", delete_client},
    NamedCommand{"client.regenerate-secret", regenerate_client_secret},
    NamedCommand{"client.initial-token.create", create_initial_token},
    NamedCommand{"client.initial-token.list", list_initial_tokens},
    NamedCommand{"client.initial-token.delete", delete_initial_token},
    NamedCommand{"user.add", add_user},
    NamedCommand{"user.list", list_users},
    NamedCommand{"user.set-role", set_user_role},
    NamedCommand{"user.set-password", set_user_password},
    NamedCommand{"user.remove", remove_user},
    NamedCommand{"request.get", get_request},
    NamedCommand{"request.list", list_requests},
    NamedCommand{"request.pin", reveal_pin},
    NamedCommand{"usage", show_usage},
    NamedCommand{"challenge.list", list_challenges},
    NamedCommand{"challenge.show", show_challenge},
    NamedCommand{"challenge.cancel", cancel_challenge},
    NamedCommand{"reload", reload_settings},
    NamedCommand{"plugin.list", list_plugins},
    NamedCommand{"plugin.status", plugin_status},
    NamedCommand{"audit.tail", tail_audit},
    NamedCommand{"audit.verify", verify_audit},
    NamedCommand{"backup", back_up_store},
    NamedCommand{"doctor", examine},
    NamedCommand{"key.create", create_api_key},
    NamedCommand{"key.list", list_api_keys},
    NamedCommand{"key.delete", delete_api_key},
    NamedCommand{"key.rotate", rotate_api_key},
    NamedCommand{"notifications.list", list_notifications},
    NamedCommand{"notifications.state", notification_state},
    NamedCommand{"notifications.retry", retry_notification},
    NamedCommand{"notifications.test", test_notifications},
    NamedCommand{"notifications.secret", show_webhook_secret},
    NamedCommand{"whoami", who_am_i},
    NamedCommand{"scopes", list_scopes},
    NamedCommand{"approvals.list", list_approvals},
    NamedCommand{"approvals.show", show_approval},
    NamedCommand{"approvals.approve", approve_approval},
    NamedCommand{"approvals.deny", deny_approval},
    NamedCommand{"secret.list", list_secrets},
    NamedCommand{"secret.set", set_secret},
    NamedCommand{"secret.rotate", rotate_secret},
    NamedCommand{"secret.rollback", roll_back_secret},
    NamedCommand{"secret.delete", delete_secret},
    NamedCommand{"secret.rekey", rekey_secrets},
    NamedCommand{"secret.log", list_accesses},
    NamedCommand{"secret.metric", show_secret_metric},
};

}  // namespace

Result<json::Value> run_command(Services& services, std::string_view name, const json::Object& arguments,
                                      const Actor& actor) {
    for (const NamedCommand& command : kCommands) {
        if (command.name == name) {
            return command.run(services, arguments, actor);
        }
    }
    return Error(Code::unimplemented, "invalid_arguments", "The running host does not know this command.")
        .next_step("Use the quell program of the host's own version.");
}

Result<TenantId> tenant_argument(const Services& services, const json::Object& arguments) {
    const auto deployment = services.deployment();
    const auto& tenants = deployment->settings.tenants;
    const json::Value* given = json::find(arguments, "tenant");
    if ((!given || given->is_null()) && tenants.size() == 1) {
        return tenants.begin()->first;
    }
    const TenantId tenant{given ? std::string(json::text(*given)) : std::string()};
    if (tenants.contains(tenant)) {
        return tenant;
    }
    std::vector<std::string> known;
    for (const auto& [id, settings] : tenants) {
        known.push_back(id.str());
    }
    return invalid_arguments("--tenant must name a tenant of this host.").allowed(std::move(known));
}

identity::Principal as_principal(const TenantId& tenant, const Actor& actor) {
    return {.tenant = tenant, .id = actor.id, .label = actor.id, .client = {}, .scopes = identity::ScopeSet::all()};
}

Result<json::Value> as_answer(const Result<std::string>& document) {
    if (!document) {
        return Error(document.error());
    }
    return json::parse(*document, {.bytes = SIZE_MAX, .values = SIZE_MAX});
}

Result<identity::ScopeSet> scopes_argument(const json::Object& arguments) {
    TRY(const auto names, list_argument(arguments, "scopes"));
    identity::ScopeSet scopes;
    for (const std::string& name : names) {
        const auto word = identity::parse_scope_word(name);
        if (!word || word->empty()) {
            std::vector<std::string> known{"mcp"};
            for (const identity::Scope scope : identity::kAllScopes) {
                known.emplace_back(identity::to_string(scope));
            }
            return invalid_arguments("`" + name + "` is not a scope.").allowed(std::move(known));
        }
        scopes = scopes | *word;
    }
    return names.empty() ? identity::ScopeSet::all() : scopes;
}

Result<std::string> text_argument(const json::Object& arguments, std::string_view name) {
    TRY(const std::string_view value, json::string_member(arguments, name));
    return std::string(value);
}

Result<std::vector<std::string>> list_argument(const json::Object& arguments, std::string_view name) {
    TRY(const json::Array* list, json::optional_array(arguments, name));
    std::vector<std::string> values;
    for (std::size_t i = 0; list && i < list->size(); ++i) {
        const json::Value& value = (*list)[i];
        if (!value.is_string()) {
            return invalid_arguments("`" + std::string(name) + "` must be a list of strings.");
        }
        values.emplace_back(json::text(value));
    }
    return values;
}

}  // namespace quell::app
