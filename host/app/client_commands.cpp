// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <array>

#include "app/commands.hpp"
#include "json/read.hpp"

namespace quell::app {
namespace {

json::Array to_array(const std::vector<identity::RedirectUri>& uris) {
    json::Array out;
    for (const identity::RedirectUri& uri : uris) {
        out.emplace_back(uri.text());
    }
    return out;
}

Result<std::vector<identity::GrantType>> grants_argument(const json::Object& arguments) {
    TRY(const auto names, list_argument(arguments, "grants"));
    std::vector<identity::GrantType> grants;
    for (const std::string& name : names) {
        const auto grant = identity::parse_grant_type(name);
        if (!grant) {
            return invalid_arguments("`" + name + "` is not a grant type.")
                .allowed({"authorization_code", "refresh_token", "client_credentials"});
        }
        grants.push_back(*grant);
    }
    return grants;
}

// V16: how people read it in a list.
std::string label_of(const identity::Client& client) {
    static constexpr std::array<std::string_view, 4> kWords = {"static", "dynamically registered",
                                                               "described by a document", "shared"};
    return std::string(kWords[static_cast<std::size_t>(client.kind)]) + " (" + client.name + ")";
}

json::Object describe(const identity::Client& client) {
    json::Array grants;
    for (const identity::GrantType grant : client.grants) {
        grants.emplace_back(identity::to_string(grant));
    }
    return {{"client_id", client.id.str()},
            {"kind", identity::to_string(client.kind)},
            {"label", label_of(client)},
            {"name", client.name},
            {"tenant", client.tenant.str()},
            {"confidential", client.confidential},
            {"grant_types", std::move(grants)},
            {"redirect_uris", to_array(client.redirect_uris)},
            {"scopes", client.scopes.to_string()},
            {"created_at", to_rfc3339(client.created_at)}};
}

}  // namespace

Result<json::Value> create_client(Services& services, const json::Object& arguments, const Actor& actor) {
    identity::NewClient wanted;
    TRY(wanted.tenant, tenant_argument(services, arguments));
    TRY(wanted.name, text_argument(arguments, "name"));
    TRY(wanted.redirect_uris, list_argument(arguments, "redirect_uris"));
    TRY(wanted.grants, grants_argument(arguments));
    TRY(wanted.scopes, scopes_argument(arguments));
    TRY(const auto is_public, json::optional_bool(arguments, "public"));
    wanted.confidential = !is_public.value_or(false);
    TRY(const auto jwks, json::optional_string(arguments, "jwks"));
    wanted.jwks = std::string(jwks.value_or(""));
    TRY(const identity::CreatedClient created, services.clients.create_and_wait(wanted, actor.id));
    json::Object answer = describe(created.client);
    answer["client_secret"] =
        created.secret.empty() ? json::Value(nullptr) : json::Value(created.secret.reveal());
    return answer;
}

Result<json::Value> list_clients(Services& services, const json::Object& arguments, const Actor&) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const auto clients, services.clients.list(tenant));
    json::Array rows;
    for (const identity::ListedClient& listed : clients) {
        json::Object row = describe(listed.client);
        row["created_by"] = listed.created_by;
        const auto& last_used = listed.client.last_used_at;
        row["last_used_at"] = last_used ? json::Value(to_rfc3339(*last_used)) : json::Value(nullptr);
        row["tokens"] = listed.tokens;
        rows.push_back(std::move(row));
    }
    return rows;
}

Result<json::Value> delete_client(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string id, text_argument(arguments, "client_id"));
    TRY_VOID(services.clients.remove_and_wait(tenant, ClientId(id), actor.id));
    return json::Object{{"client_id", id}, {"deleted", true}};
}

Result<json::Value> regenerate_client_secret(Services& services, const json::Object& arguments,
                                             const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string id, text_argument(arguments, "client_id"));
    TRY(const SecretString secret, services.clients.regenerate_secret_and_wait(tenant, ClientId(id), actor.id));
    return json::Object{{"client_id", id}, {"client_secret", secret.reveal()}};
}

}  // namespace quell::app
