// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// [approvals] and [secrets] of tenants/ID.toml, and [secret_store] of quell.toml.

#include "base/duration.hpp"
#include "config/read_settings.hpp"
#include "config/secret_ref.hpp"
#include "config/secret_rule.hpp"
#include "config/toml_to_json.hpp"
#include "json/nearest.hpp"

namespace quell::config {
namespace {

constexpr std::int64_t kMostCharacters = 1'000;
constexpr std::int64_t kHighestThreshold = 1'000'000'000;

void read_seconds(TableReader& table, std::string_view key, std::chrono::seconds& out) {
    std::string text;
    if (!table.read(key, text, "1h"))
        return;
    const auto duration = quell::parse_duration(text);
    if (!duration || *duration < kShortestAccess || *duration > kLongestAccess)
        return table.refuse(key, "must be from \"1m\" to \"30d\", such as \"1h\"");
    out = *duration;
}

void read_permissions(TableReader& rule, SecretRule& out) {
    std::vector<std::string> permissions;
    if (!rule.read("permissions", permissions))
        return;
    if (const auto read = set_permissions(permissions, out); !read)
        rule.refuse("permissions", read.error()->message);
}

void read_auto_approve(TableReader& rule, SecretRule& out) {
    auto table = rule.table("auto_approve");
    if (!table)
        return;
    AutoApproval& given = out.auto_approval;
    table->read("enabled", given.enabled);
    table->read("requester", given.requesters);
    table->read("operations", given.operations);
    if (std::string text; table->read("time_window", text, "09:00-17:00 Europe/Berlin")) {
        if (auto window = TimeWindow::parse(text))
            given.time_window = *std::move(window);
        else
            table->refuse("time_window", "cannot be read: " + window.error()->message);
    }
    if (const auto sound = check_auto_approval(given); !sound)
        rule.refuse("auto_approve", sound.error()->message);
    table->refuse_unknown_keys();
}

void read_approvers(TableReader& rule, const ApprovalSettings& approvals, SecretRule& out) {
    rule.read("approvers", out.approvers);
    for (const std::string& approver : out.approvers) {
        if (const auto known = check_approver(approver, approvals); !known)
            rule.refuse("approvers", known.error()->message);
    }
}

void read_reason(TableReader& rule, SecretRule& out) {
    rule.read("require_reason", out.reason.required);
    std::int64_t least = 0;
    if (rule.read("min_reason_length", least, 1, kMostCharacters))
        out.reason = {.required = true, .least_length = static_cast<std::size_t>(least)};
}

void read_rule(TableReader& rule, const ApprovalSettings& approvals, SecretSettings& settings) {
    std::string uri;
    if (!rule.read("uri", uri, "vsecure://secrets/production/*") && !rule.has("uri"))
        rule.refuse("uri", "is missing: it says which resources the rule is for");
    auto pattern = ResourcePattern::parse(uri);
    if (!pattern && !uri.empty())
        rule.refuse("uri", "is no pattern: " + pattern.error()->message);
    SecretRule out{.pattern = pattern ? *std::move(pattern) : ResourcePattern::parse("vsecure://secrets/*").value()};
    out.position = rule.position();
    rule.read("name", out.name, "Production secrets");
    rule.read("description", out.description, "Passwords of the production databases");
    read_permissions(rule, out);
    rule.read("requires_approval", out.requires_approval);
    read_approvers(rule, approvals, out);
    read_reason(rule, out);
    if (rule.has("max_ttl")) {
        out.longest = settings.longest;
        read_seconds(rule, "max_ttl", *out.longest);
    }
    if (rule.read("source", out.source, "vault:kv/acme/{name}#value")) {
        if (const auto sound = check_source(out.source, out.pattern); !sound)
            rule.refuse("source", sound.error()->message);
    }
    if (bool shown = false; rule.read("value_in_result", shown))
        out.value_in_result = shown;
    read_auto_approve(rule, out);
    rule.refuse_unknown_keys();
    for (const SecretRule& other : settings.rules) {
        if (!uri.empty() && other.pattern.shape() == out.pattern.shape())
            rule.refuse("uri", "is the pattern of the rule in line " + std::to_string(other.position.line) + " too");
    }
    settings.rules.push_back(std::move(out));
}

void read_alert(TableReader& alert, SecretSettings& settings) {
    SecretAlert out;
    alert.read("name", out.name, "many reads");
    if (std::string metric; alert.read("metric", metric, "access_count") && metric != "access_count")
        alert.refuse("metric", "must be \"access_count\", the one that there is");
    if (std::string text; alert.read("resource", text, "vsecure://secrets/production/*")) {
        auto pattern = ResourcePattern::parse(text);
        if (pattern)
            out.resource = *std::move(pattern);
        else
            alert.refuse("resource", "is no pattern: " + pattern.error()->message);
    }
    read_seconds(alert, "period", out.period);
    if (!alert.read("threshold", out.threshold, 1, kHighestThreshold) && !alert.has("threshold"))
        alert.refuse("threshold", "is missing: the alert tells of more accesses than that in one period");
    alert.refuse_unknown_keys();
    if (out.name.empty())
        out.name = "access_count of " + (out.resource ? out.resource->text() : std::string("all secrets"));
    settings.alerts.push_back(std::move(out));
}

std::optional<json::Value> reference(const toml::node& node, TableReader& table, std::string_view key) {
    const toml::table* value = node.as_table();
    if (value == nullptr) {
        table.refuse(key, "must be a secret reference such as { file = \"/etc/quell/secrets/values.key\" }");
        return std::nullopt;
    }
    json::Value reference = to_json(*value, table.name(key), table.position(key), table.errors()).object;
    const auto parsed = parse_secret_reference(reference);
    if (!parsed || parsed->source == SecretRef::Source::secret) {
        table.refuse(key, "must be { env = \"NAME\" } or { file = \"/absolute/path\" }");
        return std::nullopt;
    }
    return reference;
}

}  // namespace

void read_approvals(TableReader& root, ApprovalSettings& out) {
    auto approvals = root.table("approvals");
    if (!approvals)
        return;
    if (auto roles = approvals->table("roles")) {
        for (const std::string& name : roles->keys()) {
            if (const auto free = check_role_name(name); !free)
                roles->refuse(name, free.error()->message);
            roles->read(name, out.roles[name]);
        }
    }
    approvals->refuse_unknown_keys();
}

void read_secrets(TableReader& root, const ApprovalSettings& approvals, SecretSettings& out) {
    auto secrets = root.table("secrets");
    if (!secrets)
        return;
    secrets->read("value_in_result", out.value_in_result);
    if (secrets->read("default_environment", out.default_environment, "production") &&
        !ResourceUri::parse("vsecure://secrets/" + out.default_environment + "/X"))
        secrets->refuse("default_environment", "must be one part of a resource's name, such as \"production\"");
    read_seconds(*secrets, "max_ttl", out.longest);
    out.ttl = std::min(out.ttl, out.longest);
    read_seconds(*secrets, "ttl", out.ttl);
    if (out.ttl > out.longest)
        secrets->refuse("ttl", "must not be longer than `secrets.max_ttl`");
    for (TableReader& rule : secrets->array_of_tables("rules"))
        read_rule(rule, approvals, out);
    for (TableReader& alert : secrets->array_of_tables("alerts"))
        read_alert(alert, out);
    secrets->refuse_unknown_keys();
}

void read_secret_store(TableReader& root, SecretStoreSettings& out) {
    auto store = root.table("secret_store");
    if (!store)
        return;
    out.position = store->position();
    if (const toml::node* key = store->take("key"))
        out.key = reference(*key, *store, "key");
    if (const toml::node* previous = store->take("previous_keys")) {
        const toml::array* keys = previous->as_array();
        if (keys == nullptr)
            store->refuse("previous_keys", "must be an array of secret references");
        for (std::size_t i = 0; keys != nullptr && i < keys->size(); ++i) {
            if (auto one = reference(*keys->get(i), *store, "previous_keys"))
                out.previous_keys.push_back(*std::move(one));
        }
    }
    store->refuse_unknown_keys();
}

}  // namespace quell::config
