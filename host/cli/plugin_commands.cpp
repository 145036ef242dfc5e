// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors


#include "cli/app_manifest.hpp"
#include "cli/session.hpp"
#include "plugins/catalog.hpp"
#include "plugins/manifest.hpp"
#include "plugins/pin.hpp"

namespace quell::cli {
namespace {

Result<plugins::PluginFile> open_file(const std::filesystem::path& path) {
    const auto absolute = std::filesystem::absolute(path);
    return plugins::open_plugin(absolute.parent_path(), absolute.filename());
}

json::Array to_array(const std::vector<std::string>& words) {
    json::Array array;
    for (const std::string& word : words) {
        array.emplace_back(word);
    }
    return array;
}

// What a file says of itself; no code of it runs.
Result<json::Value> inspect(const std::filesystem::path& path) {
    TRY(const plugins::PluginFile file, open_file(path));
    TRY(const plugins::Manifest manifest, plugins::parse_manifest(file.manifest));
    return json::Object{{"id", manifest.id.str()},
                        {"version", manifest.version},
                        {"vendor", manifest.vendor},
                        {"description", manifest.description},
                        {"capabilities", to_array(manifest.capabilities)},
                        {"egress", to_array(manifest.egress)},
                        {"secret_settings", to_array(manifest.settings.secrets())},
                        {"sha256", file.sha256},
                        {"bytes", file.size}};
}

Result<json::Value> hash(const std::filesystem::path& path) {
    TRY(const plugins::PluginFile file, open_file(path));
    return json::Object{{"file", file.name}, {"sha256", file.sha256}};
}

// Pins the plugin's library as it lies in the plugin directory now.
Result<json::Value> pin(const config::Settings& settings, const std::filesystem::path& toml, const PluginId& id) {
    const auto found = settings.plugins.find(id);
    if (found == settings.plugins.end()) {
        std::vector<std::string> known;
        for (const auto& [key, plugin] : settings.plugins) {
            known.push_back(key.str());
        }
        return invalid_arguments("There is no [plugins." + id.str() + "] in quell.toml.").allowed(std::move(known));
    }
    TRY(const plugins::PluginFile file, plugins::open_plugin(settings.plugin_trust.directory, found->second.library));
    TRY_VOID(plugins::write_pin(toml, id, file.sha256));
    return json::Object{{"plugin", id.str()}, {"sha256", file.sha256}, {"written_to", toml.string()}};
}

void add_app_manifest_command(CLI::App& group, Session& session) {
    const auto connector = std::make_shared<std::string>();
    const auto tenant = std::make_shared<std::string>();
    CLI::App* command = group.add_subcommand("app-manifest", "What to enter at the provider to make a connector's app, as JSON.");
    command->add_option("CONNECTOR", *connector)->required();
    command->add_option("--tenant", *tenant, "Tenant; may be left out if there is one");
    command->callback([&session, connector, tenant] {
        session.as_json = true;  // it is pasted as it is
        if (const auto settings = session.load_settings()) {
            session.finish(app_manifest(*settings, *tenant, *connector));
        }
    });
}

}  // namespace

void add_plugin_commands(CLI::App& app, Session& session) {
    const auto word = std::make_shared<std::string>();
    CLI::App* group = app.add_subcommand("plugin", "Connector plugins");
    group->require_subcommand(1);
    group->add_subcommand("list", "Plugins of this host and how they are served, or why not.")->callback([&session] {
        session.run_command("plugin.list", {});
    });
    const auto reset = std::make_shared<std::string>();
    CLI::App* status = group->add_subcommand("status", "How each plugin runs: restarts, last crash, quarantine.");
    status->add_option("--reset", *reset, "Lift this plugin's quarantine")->type_name("ID");
    status->callback([&session, reset] {
        session.run_command("plugin.status", {{"reset", reset->empty() ? json::Value(nullptr) : json::Value(*reset)}});
    });
    CLI::App* inspect_command = group->add_subcommand("inspect", "What a plugin's file says of itself; runs no code.");
    inspect_command->add_option("FILE", *word)->required()->check(refuse_empty);
    inspect_command->callback([&session, word] { session.finish(inspect(*word)); });
    CLI::App* hash_command = group->add_subcommand("hash", "The SHA-256 of a plugin's file, for a pin.");
    hash_command->add_option("FILE", *word)->required()->check(refuse_empty);
    hash_command->callback([&session, word] { session.finish(hash(*word)); });
    add_app_manifest_command(*group, session);
    CLI::App* pin_command = group->add_subcommand("pin", "Write the pin of a plugin's present file into quell.toml.");
    pin_command->add_option("PLUGIN", *word)->required();
    pin_command->callback([&session, word] {
        if (const auto settings = session.load_settings()) {
            session.finish(pin(*settings, session.config, PluginId(*word)));
        }
    });
}

}  // namespace quell::cli
