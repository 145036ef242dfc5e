// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// [openid] in tenants/ID.toml: the tenant's own OpenID provider.

#include <algorithm>
#include <array>
#include <span>

#include "config/network_names.hpp"
#include "config/read_settings.hpp"
#include "config/secret_ref.hpp"
#include "config/toml_to_json.hpp"
#include "json/nearest.hpp"

namespace quell::config {
namespace {

// A provider's word never makes an owner.
constexpr std::array<std::string_view, 3> kRoles = {"admin", "analyst", "viewer"};
constexpr std::array<std::string_view, 3> kPrompts = {"login", "select_account", "consent"};

bool is_loopback_url(std::string_view text) {
    return std::ranges::any_of(
        std::array<std::string_view, 3>{"http://127.0.0.1", "http://localhost", "http://[::1]"},
        [&](std::string_view start) {
            const std::string_view rest = text.substr(std::min(start.size(), text.size()));
            return text.starts_with(start) && (rest.empty() || rest[0] == ':' || rest[0] == '/');
        });
}

// OpenID Connect Discovery 3: no query and no fragment. It is compared byte for byte later.
void read_issuer(TableReader& openid, OpenIdSettings& out) {
    if (!openid.has("issuer"))
        return openid.refuse("issuer", "is missing");
    if (!openid.read("issuer", out.issuer, "https://acme.okta.com"))
        return;
    const bool plain = std::ranges::all_of(out.issuer, [](char c) {
        return c > 0x20 && c < 0x7F && c != '?' && c != '#' && c != '\\' && c != '@';
    });
    const bool secure = out.issuer.starts_with("https://") && out.issuer.size() > 8;
    if (!plain || out.issuer.size() > 1024 || (!secure && !is_loopback_url(out.issuer)))
        return openid.refuse("issuer", "must be an https URL without a query or fragment, exactly as the provider "
                                       "writes it in its own documents");
    if (!secure && !out.allow_insecure_loopback)
        openid.refuse("issuer", "must be https; plain http on this machine is for tests and needs "
                                "`allow_insecure_loopback = true`");
}

void read_reference(TableReader& openid, std::string_view key, std::optional<json::Value>& out) {
    const toml::node* const node = openid.take(key);
    if (node == nullptr)
        return;
    const toml::table* const table = node->as_table();
    if (table == nullptr)
        return openid.refuse(key,
                             "must be a secret reference such as { file = \"/etc/quell/secrets/openid\" }; a secret "
                             "is never written into the settings");
    json::Value reference =
        to_json(*table, openid.name(key), openid.position(key), openid.errors()).object;
    if (auto parsed = parse_secret_reference(reference); !parsed)
        return openid.refuse(key, parsed.error()->message);
    out = std::move(reference);
}

void read_client(TableReader& openid, OpenIdSettings& out) {
    if (!openid.has("client_id"))
        openid.refuse("client_id", "is missing");
    openid.read("client_id", out.client_id, "0oa1b2c3d4");
    read_reference(openid, "client_secret", out.client_secret);
    read_reference(openid, "private_key", out.private_key);
    openid.read("key_id", out.key_id, "quell-1");
    out.secret_position = openid.position(out.client_secret ? "client_secret" : "private_key");
    if (openid.has("client_secret") == openid.has("private_key"))
        openid.refuse("client_secret", "or `" + openid.name("private_key") +
                                           "` is needed, and not both: the first is a shared secret, the second "
                                           "signs (private_key_jwt)");
}

void read_word(TableReader& openid, std::string_view key, std::string& out, std::span<const std::string_view> words) {
    std::string word;
    if (!openid.read(key, word, words.front()))
        return;
    if (std::ranges::find(words, word) != words.end()) {
        out = std::move(word);
        return;
    }
    std::string allowed;
    for (const std::string_view one : words)
        allowed += (allowed.empty() ? "`" : ", `") + std::string(one) + "`";
    openid.refuse(key, "must be one of " + allowed + json::nearest_hint(word, words));
}

void read_scopes(TableReader& openid, OpenIdSettings& out) {
    if (!openid.read("scopes", out.scopes))
        return;
    if (std::ranges::find(out.scopes, "openid") == out.scopes.end())
        openid.refuse("scopes", "must have \"openid\"");
    const bool plain = std::ranges::all_of(out.scopes, [](const std::string& scope) {
        return std::ranges::all_of(scope, [](char c) { return c > 0x20 && c < 0x7F && c != '"' && c != '\\'; });
    });
    if (!plain)
        openid.refuse("scopes", "must be words without spaces");
}

void read_email_rules(TableReader& openid, OpenIdSettings& out) {
    openid.read("trust_email", out.trust_email);
    openid.read("email_domains", out.email_domains);
    for (std::string& domain : out.email_domains) {
        std::ranges::transform(domain, domain.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        if (domain.starts_with('*') || !check_host_entry(domain))
            openid.refuse("email_domains", "has \"" + domain + "\", which is no domain such as \"corp.example\"");
    }
}

void read_roles(TableReader& openid, OpenIdSettings& out) {
    openid.read("role_claim", out.role_claim, "groups");
    read_word(openid, "default_role", out.default_role, kRoles);
    const toml::node* const node = openid.take("roles");
    if (node == nullptr)
        return;
    const toml::table* const table = node->as_table();
    if (table == nullptr)
        return openid.refuse("roles", "must be a table such as { \"quell-admins\" = \"admin\" }");
    TableReader roles(*table, openid.name("roles"), openid.position("roles"), openid.errors());
    for (const auto& [value, role] : *table) {
        std::string word;
        read_word(roles, value.str(), word, kRoles);
        if (!word.empty())
            out.roles.emplace(std::string(value.str()), std::move(word));
    }
}

}  // namespace

void read_openid(TableReader& root, std::optional<OpenIdSettings>& out) {
    auto openid = root.table("openid");
    if (!openid)
        return;
    OpenIdSettings& settings = out.emplace();
    settings.position = openid->position();
    openid->read("allow_insecure_loopback", settings.allow_insecure_loopback);
    openid->read("name", settings.name, "Acme sign-in");
    read_issuer(*openid, settings);
    read_client(*openid, settings);
    read_scopes(*openid, settings);
    read_email_rules(*openid, settings);
    read_word(*openid, "prompt", settings.prompt, kPrompts);
    read_roles(*openid, settings);
    openid->refuse_unknown_keys();
}

}  // namespace quell::config
