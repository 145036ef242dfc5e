// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/load.hpp"

#include <algorithm>
#include <tuple>

#include "config/network_names.hpp"
#include "config/read_settings.hpp"
#include "config/toml_file.hpp"

namespace quell::config {
namespace {

namespace fs = std::filesystem;

void read_host(const toml::table& table, const std::string& file, const LoadOptions& options,
               Loaded& loaded) {
    Settings& settings = loaded.settings;
    TableReader root(table, "", {file, 0, 0}, loaded.errors);
    read_server(root, settings.directory, settings.server);
    const std::size_t mistakes = loaded.errors.size();
    read_admin(root, settings.directory, settings.admin);
    loaded.names_socket = loaded.errors.size() == mistakes && table["admin"]["socket"].is_string();
    read_store(root, options.require_store_key, settings.store);
    read_plugin_trust(root, settings.directory, settings.plugin_trust);
    read_api_keys(root, settings.api_keys);
    read_api(root, settings.api);
    read_oauth(root, is_loopback(settings.server.listen), settings.oauth);
    read_smtp(root, settings.smtp);
    read_webhooks(root, is_loopback(settings.server.listen), settings.webhooks);
    read_secret_store(root, settings.secret_store);
    read_plugins(root, is_loopback(settings.server.listen), settings.plugins);
    root.refuse_unknown_keys();
}

std::vector<fs::path> tenant_files(const fs::path& directory, std::vector<Diagnostic>& errors) {
    std::vector<fs::path> files;
    std::error_code error;
    if (!fs::exists(directory, error) && !error)
        return files;
    for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        const fs::path& path = entry->path();
        if (path.extension() == ".toml" && !path.filename().string().starts_with('.'))
            files.push_back(path);
    }
    if (error)
        errors.push_back(
            {directory.string(), 0, 0, "The tenants cannot be listed: " + error.message() + "."});
    std::sort(files.begin(), files.end());
    return files;
}

void load_tenant(const fs::path& file, KnownPlugins plugins, Loaded& loaded) {
    const std::string id = file.stem().string();
    if (!is_plain_name(id))
        loaded.errors.push_back(
            {file.string(), 0, 0,
             "The file's name is the tenant's id: lower-case letters, digits, - and _, at most "
             "64, then .toml."});
    const auto table = read_toml(file, loaded.errors);
    if (!table)
        return;
    TenantSettings tenant;
    tenant.id = TenantId(id);
    TableReader root(*table, "", {file.string(), 0, 0}, loaded.errors);
    read_tenant(root, plugins, tenant);
    if (tenant.openid && tenant.openid->allow_insecure_loopback && !is_loopback(loaded.settings.server.listen))
        loaded.errors.push_back(make_diagnostic(tenant.openid->position,
                                                "`openid.allow_insecure_loopback` is for tests: it is refused unless "
                                                "`server.listen` is a loopback address."));
    loaded.settings.tenants.emplace(tenant.id, std::move(tenant));
}

// By place within a file; the files stay in the order in which they were read.
void sort_by_place(std::vector<Diagnostic>& errors) {
    for (auto begin = errors.begin(); begin != errors.end();) {
        const auto end = std::find_if(begin, errors.end(), [&begin](const Diagnostic& error) {
            return error.file != begin->file;
        });
        std::sort(begin, end, [](const Diagnostic& a, const Diagnostic& b) {
            return std::tie(a.line, a.column, a.message) < std::tie(b.line, b.column, b.message);
        });
        begin = end;
    }
}

}  // namespace

Loaded load(const fs::path& quell_toml, const LoadOptions& options) {
    Loaded loaded;
    std::error_code error;
    loaded.settings.file = fs::absolute(quell_toml, error);
    loaded.settings.directory = loaded.settings.file.parent_path();
    const auto table = read_toml(quell_toml, loaded.errors);
    if (table)
        read_host(*table, quell_toml.string(), options, loaded);
    const KnownPlugins plugins = table ? &loaded.settings.plugins : nullptr;
    for (const fs::path& file : tenant_files(quell_toml.parent_path() / "tenants", loaded.errors))
        load_tenant(file, plugins, loaded);
    sort_by_place(loaded.errors);
    return loaded;
}

}  // namespace quell::config
