// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/commands.hpp"
#include "json/read.hpp"

namespace quell::app {
namespace {

Result<identity::Role> role_argument(const json::Object& arguments) {
    TRY(const std::string name, text_argument(arguments, "role"));
    const auto role = identity::parse_role(name);
    if (!role) {
        return invalid_arguments("`" + name + "` is not a role.").allowed({"owner", "admin", "analyst", "viewer"});
    }
    return *role;
}

}  // namespace

Result<json::Value> add_user(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string email, text_argument(arguments, "email"));
    TRY(const identity::Role role, role_argument(arguments));
    TRY(const auto password, json::optional_string(arguments, "password"));
    identity::NewUser wanted{
        .email = email, .password = SecretString(std::string(password.value_or(""))), .tenant = tenant, .role = role};
    TRY(const identity::User user, services.users.add_and_wait(std::move(wanted), actor.id));
    return json::Object{{"user_id", user.id.str()},
                        {"email", user.email},
                        {"tenant", tenant.str()},
                        {"role", identity::to_string(role)}};
}

Result<json::Value> list_users(Services& services, const json::Object& arguments, const Actor&) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const auto users, services.users.list(tenant));
    json::Array rows;
    for (const identity::ListedUser& listed : users) {
        rows.push_back(json::Object{{"email", listed.user.email},
                                    {"role", identity::to_string(listed.role)},
                                    {"created_at", to_rfc3339(listed.created_at)},
                                    {"user_id", listed.user.id.str()}});
    }
    return rows;
}

Result<json::Value> set_user_role(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string email, text_argument(arguments, "email"));
    TRY(const identity::Role role, role_argument(arguments));
    TRY_VOID(services.users.set_role_and_wait(tenant, email, role, actor.id));
    return json::Object{{"email", email}, {"role", identity::to_string(role)}};
}

Result<json::Value> set_user_password(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const std::string email, text_argument(arguments, "email"));
    TRY(std::string password, text_argument(arguments, "password"));
    TRY_VOID(services.users.set_password_and_wait(email, SecretString(std::move(password)), actor.id));
    return json::Object{{"email", email}, {"password_changed", true}};
}

Result<json::Value> remove_user(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string email, text_argument(arguments, "email"));
    TRY_VOID(services.users.remove_and_wait(tenant, email, actor.id));
    return json::Object{{"email", email}, {"removed", true}};
}

}  // namespace quell::app
