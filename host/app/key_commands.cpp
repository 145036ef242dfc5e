// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/commands.hpp"
#include "json/read.hpp"
#include "oauth/consent_page.hpp"

namespace quell::app {
namespace {

constexpr std::int64_t kMostDays = 3650;

json::Array to_array(const std::vector<std::string>& texts) {
    json::Array out;
    for (const std::string& text : texts) {
        out.emplace_back(text);
    }
    return out;
}

json::Value time_or_null(const std::optional<WallTime>& time) {
    return time ? json::Value(to_rfc3339(*time)) : json::Value(nullptr);
}

json::Object describe(const identity::ApiKey& key) {
    return {{"key_id", key.id},
            {"name", key.name},
            {"email", key.email},
            {"tenant", key.tenant.str()},
            {"scopes", key.scopes.to_string()},
            {"networks", to_array(key.networks)},
            {"created_at", to_rfc3339(key.created_at)},
            {"expires_at", time_or_null(key.expires_at)},
            {"last_used_at", time_or_null(key.last_used_at)}};
}

json::Object describe(const identity::CreatedApiKey& created) {
    json::Object answer = describe(created.key);
    answer["api_key"] = created.secret.reveal();
    return answer;
}

// Absent: it never expires.
Result<std::optional<WallTime>> expiry_argument(const json::Object& arguments) {
    TRY(const auto days, json::optional_integer(arguments, "days"));
    if (days && (*days < 1 || *days > kMostDays)) {
        return invalid_arguments("`days` must be 1 to 3650.");
    }
    return days ? std::optional(wall_now() + std::chrono::hours(24) * *days) : std::nullopt;
}

Result<std::vector<Network>> networks_argument(const json::Object& arguments) {
    TRY(const auto texts, list_argument(arguments, "networks"));
    std::vector<Network> networks;
    for (const std::string& text : texts) {
        TRY(Network network, Network::parse(text));
        networks.push_back(std::move(network));
    }
    return networks;
}

}  // namespace

Result<json::Value> create_api_key(Services& services, const json::Object& arguments, const Actor& actor) {
    identity::NewApiKey wanted;
    TRY(wanted.tenant, tenant_argument(services, arguments));
    TRY(wanted.email, text_argument(arguments, "email"));
    TRY(wanted.name, text_argument(arguments, "name"));
    TRY(wanted.scopes, scopes_argument(arguments));
    TRY(wanted.networks, networks_argument(arguments));
    TRY(wanted.expires_at, expiry_argument(arguments));
    TRY(const identity::CreatedApiKey created, services.api_keys.create_and_wait(wanted, actor.id));
    return describe(created);
}

Result<json::Value> list_api_keys(Services& services, const json::Object& arguments, const Actor&) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const auto keys, services.api_keys.list(tenant));
    json::Array rows;
    for (const identity::ApiKey& key : keys) {
        rows.push_back(describe(key));
    }
    return rows;
}

Result<json::Value> delete_api_key(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string id, text_argument(arguments, "key_id"));
    TRY_VOID(services.api_keys.remove_and_wait(tenant, id, actor.id));
    return json::Object{{"key_id", id}, {"deleted", true}};
}

Result<json::Value> rotate_api_key(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string id, text_argument(arguments, "key_id"));
    TRY(const identity::CreatedApiKey created, services.api_keys.rotate_and_wait(tenant, id, actor.id));
    return describe(created);
}

// L35. With a key: whom it makes one; without: who runs the command on this machine.
Result<json::Value> who_am_i(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const auto secret, json::optional_string(arguments, "api_key"));
    if (secret) {
        TRY(const auto key, services.api_keys.find(*secret));
        if (!key) {
            return Error(Code::permission_denied, "key_not_found", "This API key is unknown, expired or was deleted.")
                .next_step("Ask an administrator for a new one: quell key create.");
        }
        return describe(*key);
    }
    json::Array tenants;
    const auto deployment = services.deployment();
    for (const auto& [id, settings] : deployment->settings.tenants) {
        tenants.emplace_back(id.str());
    }
    return json::Object{{"principal", actor.id},
                        {"role", "owner"},
                        {"scopes", identity::ScopeSet::all().to_string()},
                        {"tenants", std::move(tenants)}};
}

// L35. What there is; with a key, which of it the key may use.
Result<json::Value> list_scopes(Services& services, const json::Object& arguments, const Actor&) {
    identity::ScopeSet granted = identity::ScopeSet::all();
    TRY(const auto secret, json::optional_string(arguments, "api_key"));
    if (secret) {
        TRY(const auto key, services.api_keys.find(*secret));
        granted = key ? key->scopes : identity::ScopeSet{};
    }
    json::Array rows;
    for (const identity::Scope scope : identity::kAllScopes) {
        rows.push_back(json::Object{{"scope", identity::to_string(scope)},
                                    {"granted", granted.has(scope)},
                                    {"meaning", oauth::meaning(scope)}});
    }
    return rows;
}

}  // namespace quell::app
