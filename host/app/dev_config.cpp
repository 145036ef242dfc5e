// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/dev_config.hpp"

#include <fmt/format.h>

#include "app/install_layout.hpp"
#include "app/scratch_folder.hpp"
#include "base/random.hpp"
#include "json/serialize.hpp"
#include "plugins/catalog.hpp"

namespace quell::app {
namespace {

struct DevPlugin {
    std::string_view id;
    std::string_view connector;  // key in the tenant's file
    std::string_view simulator;  // name in the simulators' ready file
    std::string_view agreed{};   // more lines of the plugin's table
};

constexpr DevPlugin kJamf{"jamf", "jamf", "jamf"};
constexpr DevPlugin kCrowdstrike{"crowdstrike", "crowdstrike", "crowdstrike"};
constexpr DevPlugin kOkta{"okta-sessions", "okta", "okta"};
constexpr DevPlugin kVault{"vault-secrets", "vault", "vault"};
constexpr DevPlugin kSlack{"slack", "slack", "slack", "raw_secrets = [\"signing_secret\"]\n"};

std::string text_of(const Simulators& simulators, std::string_view name, std::string_view member) {
    return std::string(json::text(simulators.ready().at(name).as_object().at(member)));
}

std::string authority(const std::string& url) {
    return url.substr(url.find("://") + 3);
}

// As a basic string of TOML, which takes what JSON takes: a temporary folder may have any name.
std::string quoted(const std::string& text) {
    return json::serialize(json::Value(text));
}

std::string file_reference(const std::filesystem::path& path) {
    return fmt::format("{{ file = {} }}", quoted(path.string()));
}

std::string server_section(const std::filesystem::path& folder, DevPorts ports) {
    return fmt::format(R"([server]
listen = "127.0.0.1:{0}"
public_url = "http://127.0.0.1:{0}"
[admin]
listen = "127.0.0.1:{1}"
socket = {2}
[store]
url = {3}
key = {4}
[plugin_trust]
directory = {5}
)",
                       ports.server, ports.admin, quoted((folder / "admin.sock").string()),
                       quoted("sqlite:" + (folder / "quell.db").string()), file_reference(folder / "store.key"),
                       quoted(install_layout().plugins.string()));
}

Result<std::string> plugin_section(const DevPlugin& plugin, const Simulators& simulators, config::Isolation isolation) {
    const std::string library = fmt::format("{}.so", plugin.id);
    TRY(const plugins::PluginFile file, plugins::open_plugin(install_layout().plugins, library));
    return fmt::format(R"([plugins.{}]
library = "{}"
sha256 = "{}"
isolation = "{}"
egress = ["{}"]
allow_insecure_loopback = true
{})",
                       plugin.id, library, file.sha256, config::to_string(isolation),
                       authority(text_of(simulators, plugin.simulator, "base_url")), plugin.agreed);
}

std::string connector_section(const DevPlugin& plugin, const Simulators& simulators) {
    return fmt::format(R"([connectors.{0}]
plugin = "{1}"
enabled = true
[connectors.{0}.settings]
base_url = "{2}"
client_id = "{3}"
)",
                       plugin.connector, plugin.id, text_of(simulators, plugin.simulator, "base_url"),
                       text_of(simulators, plugin.simulator, "client_id"));
}

Result<std::string> secret_line(const std::filesystem::path& folder, const DevPlugin& plugin,
                                const Simulators& simulators) {
    const auto path = folder / fmt::format("{}.secret", plugin.connector);
    TRY_VOID(write_private_file(path, text_of(simulators, plugin.simulator, "client_secret")));
    return "client_secret = " + file_reference(path) + "\n";
}

Result<std::string> vault_section(const std::filesystem::path& folder, const Simulators& simulators) {
    const auto path = folder / "vault.secret";
    TRY_VOID(write_private_file(path, text_of(simulators, kVault.simulator, "client_secret")));
    return fmt::format(R"([connectors.vault]
plugin = "vault-secrets"
enabled = true
[connectors.vault.settings]
base_url = "{}"
role_id = "{}"
secret_id = {}
)",
                       text_of(simulators, kVault.simulator, "base_url"), text_of(simulators, kVault.simulator, "client_id"),
                       file_reference(path));
}

Result<std::string> slack_secret(const std::filesystem::path& folder, const Simulators& simulators, std::string_view name) {
    const auto path = folder / fmt::format("slack-{}.secret", name);
    TRY_VOID(write_private_file(path, text_of(simulators, kSlack.simulator, name)));
    return fmt::format("{} = {}\n", name, file_reference(path));
}

// Two apps in one: the one that asks people, and the one that ends their sessions.
Result<std::string> slack_sections(const std::filesystem::path& folder, const Simulators& simulators) {
    TRY(const std::string bot_token, slack_secret(folder, simulators, "bot_token"));
    TRY(const std::string signing_secret, slack_secret(folder, simulators, "signing_secret"));
    TRY(const std::string user_token, slack_secret(folder, simulators, "user_token"));
    const std::string base_url = text_of(simulators, kSlack.simulator, "base_url");
    return fmt::format(R"([connectors.slack.settings]
base_url = "{0}"
{1}{2}[connectors.slack_enterprise]
plugin = "slack"
[connectors.slack_enterprise.settings]
base_url = "{0}"
{1}{3})",
                       base_url, bot_token, signing_secret, user_token);
}

Result<std::string> tenant_file(const std::filesystem::path& folder, const Simulators& simulators) {
    TRY(const std::string jamf_secret, secret_line(folder, kJamf, simulators));
    TRY(const std::string crowdstrike_secret, secret_line(folder, kCrowdstrike, simulators));
    TRY(const std::string vault, vault_section(folder, simulators));
    TRY(const std::string slack, slack_sections(folder, simulators));
    return R"([tenant]
name = "Acme"
[session_revocation]
enabled = true
allow_via_mcp = true
[device_containment]
enabled = true
allow_via_mcp = true
[notifications.plugin]
enabled = true
connector = "slack"
channel = "#soc"
events = ["approval_requested"]
[[secrets.rules]]
uri = "vsecure://secrets/production/*"
name = "Production secrets"
permissions = ["read"]
approvers = ["owner", "admin"]
source = "vault:secret/production/{name}#value"
)" + connector_section(kJamf, simulators) +
           jamf_secret + connector_section(kCrowdstrike, simulators) + crowdstrike_secret +
           connector_section(kOkta, simulators) +
           "key_id = \"dev\"\nprivate_key = " + file_reference(folder / "okta.pem") + "\n" + vault + slack;
}

}  // namespace

Result<std::filesystem::path> write_dev_config(const std::filesystem::path& folder, const Simulators& simulators,
                                               const SecretString& okta_key, DevPorts ports,
                                               config::Isolation isolation) {
    std::string text = server_section(folder, ports);
    for (const DevPlugin& plugin : {kJamf, kCrowdstrike, kOkta, kVault, kSlack}) {
        TRY(const std::string section, plugin_section(plugin, simulators, isolation));
        text += section;
    }
    TRY(const std::string tenant, tenant_file(folder, simulators));
    std::filesystem::create_directory(folder / "tenants");
    TRY_VOID(write_private_file(folder / "store.key", random_token()));
    TRY_VOID(write_private_file(folder / "okta.pem", okta_key.reveal()));
    TRY_VOID(write_private_file(folder / "tenants" / fmt::format("{}.toml", kDevTenant), tenant));
    TRY_VOID(write_private_file(folder / "quell.toml", text));
    return folder / "quell.toml";
}

}  // namespace quell::app
