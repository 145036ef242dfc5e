// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// tenants/ID.toml.

#include "config/network_names.hpp"
#include "config/read_settings.hpp"
#include "config/toml_to_json.hpp"
#include "json/nearest.hpp"

namespace quell::config {
namespace {

constexpr std::int64_t kLongestWaitSeconds = 50;  // INTERFACES.md 1
constexpr std::int64_t kLongestPollHours = 168;

void read_name(TableReader& root, TenantSettings& out) {
    out.name = out.id.str();
    auto tenant = root.table("tenant");
    if (!tenant)
        return;
    tenant->read("name", out.name, "Acme");
    tenant->refuse_unknown_keys();
}

template <class Switches>
void read_switches(TableReader& table, Switches& out) {
    table.read("enabled", out.enabled);
    table.read("allow_via_mcp", out.allow_via_mcp);
    std::int64_t seconds = out.wait.count();
    if (table.read("wait_seconds", seconds, 1, kLongestWaitSeconds))
        out.wait = std::chrono::seconds(seconds);
    std::int64_t hours = out.poll.count();
    if (table.read("poll_hours", hours, 1, kLongestPollHours))
        out.poll = std::chrono::hours(hours);
}

void read_session_revocation(TableReader& root, SessionRevocationSettings& out) {
    auto table = root.table("session_revocation");
    if (!table)
        return;
    read_switches(*table, out);
    table->refuse_unknown_keys();
}

void read_device_containment(TableReader& root, DeviceContainmentSettings& out) {
    auto table = root.table("device_containment");
    if (!table)
        return;
    read_switches(*table, out);
    table->read("pin_in_result", out.pin_in_result);
    table->refuse_unknown_keys();
}

void read_plugin_of(TableReader& connector, KnownPlugins plugins, ConnectorSettings& out) {
    std::string plugin = out.key.str();
    connector.read("plugin", plugin, "okta-sessions");
    out.plugin = PluginId(plugin);
    if (plugins == nullptr || plugins->contains(out.plugin))
        return;
    std::vector<std::string_view> names;
    for (const auto& [id, settings] : *plugins)
        names.push_back(id.str());
    connector.refuse("plugin", "names `" + plugin + "`, but quell.toml has no [plugins." + plugin +
                                   "]" + json::nearest_hint(plugin, names));
}

void read_connector_settings(TableReader& connector, ConnectorSettings& out) {
    const toml::node* node = connector.take("settings");
    out.positions[""] = connector.position();
    if (node == nullptr)
        return;
    const toml::table* table = node->as_table();
    if (table == nullptr)
        return connector.refuse("settings", "must be a table");
    auto converted = to_json(*table, connector.name("settings"), connector.position("settings"),
                             connector.errors());
    out.settings = std::move(converted.object);
    out.positions = std::move(converted.positions);
}

ConnectorSettings read_connector(TableReader& connector, const std::string& key,
                                 KnownPlugins plugins) {
    ConnectorSettings out;
    out.key = ConnectorKey(key);
    out.position = connector.position();
    read_plugin_of(connector, plugins, out);
    connector.read("enabled", out.enabled);
    std::vector<std::string> actions;
    if (connector.read("actions", actions))
        out.actions = std::move(actions);
    read_connector_settings(connector, out);
    connector.refuse_unknown_keys();
    return out;
}

void read_connectors(TableReader& root, KnownPlugins plugins, TenantSettings& out) {
    auto connectors = root.table("connectors");
    if (!connectors)
        return;
    for (auto& [key, connector] : connectors->tables()) {
        if (!is_plain_name(key))
            connectors->refuse(
                key, "is not a connector's key: lower-case letters, digits, - and _, at most 64");
        out.connectors.emplace(ConnectorKey(key), read_connector(connector, key, plugins));
    }
}

}  // namespace

void read_tenant(TableReader& root, KnownPlugins plugins, TenantSettings& out) {
    read_name(root, out);
    read_openid(root, out.openid);
    read_session_revocation(root, out.session_revocation);
    read_device_containment(root, out.device_containment);
    read_challenges(root, out.challenges);
    read_support(root, out.support);
    read_notifications(root, out.notifications);
    read_approvals(root, out.approvals);
    read_secrets(root, out.approvals, out.secrets);
    read_connectors(root, plugins, out);
    root.refuse_unknown_keys();
}

}  // namespace quell::config
