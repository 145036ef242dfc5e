// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/check_settings.hpp"

#include "app/check_openid.hpp"
#include "app/listeners.hpp"
#include "app/services.hpp"
#include "plugins/check.hpp"

namespace quell::app {
namespace {

using Diagnostics = std::vector<config::Diagnostic>;

void note(const Result<void>& outcome, const config::SourcePosition& position, Diagnostics& found) {
    if (!outcome) {
        found.push_back(config::make_diagnostic(position, outcome.error()->message));
    }
}

bool is_every_address(std::string_view address) {
    return address == "0.0.0.0" || address == "::";
}

bool have_one_address(const http::ListenOptions& a, const http::ListenOptions& b) {
    return a.port == b.port && (a.address == b.address || is_every_address(a.address) || is_every_address(b.address));
}

void check_listeners(const config::Settings& settings, Diagnostics& found) {
    note(http::Server::check_address(public_listener(settings)), settings.server.listen_position, found);
    if (const auto admin = admin_listener(settings)) {
        note(http::Server::check_address(*admin), settings.admin.listen_position, found);
        if (have_one_address(*admin, public_listener(settings))) {
            const char* why = "`admin.listen` has the address of `server.listen`; give it another port.";
            found.push_back(config::make_diagnostic(settings.admin.listen_position, why));
        }
    }
    note(http::Server::check_address(socket_listener(settings)), settings.admin.socket_position, found);
}

void check_store_place(const config::StoreSettings& store, Diagnostics& found) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(store.sqlite_path.parent_path(), ignored)) {
        found.push_back(config::make_diagnostic(store.url_position, "[store] url: its folder does not exist."));
    } else if (std::filesystem::exists(store.sqlite_path, ignored) &&
               !std::filesystem::is_regular_file(store.sqlite_path, ignored)) {
        found.push_back(config::make_diagnostic(store.url_position, "[store] url: what is there is no plain file."));
    }
}

// What one file alone cannot tell.
void check_channels(const config::Settings& settings, const config::TenantSettings& tenant, Diagnostics& found) {
    const config::NotificationSettings& channels = tenant.notifications;
    const auto refuse = [&found](const config::ChannelSettings& channel, const std::string& why) {
        found.push_back(config::make_diagnostic(channel.position, why));
    };
    if (channels.email.enabled && settings.smtp.host.empty()) {
        refuse(channels.email, "`notifications.email` is enabled, but quell.toml has no [smtp].");
    }
    if (channels.plugin.enabled && !tenant.connectors.contains(channels.plugin.connector)) {
        refuse(channels.plugin, "`notifications.plugin.connector` names `" + channels.plugin.connector.str() + "`, which is no connector of this tenant.");
    }
    if (channels.webhook.enabled && !settings.webhooks.allow_insecure_loopback && !channels.webhook.url.starts_with("https://")) {
        refuse(channels.webhook, "`notifications.webhook.url` must be https.");
    }
}

}  // namespace

std::vector<config::Diagnostic> check_settings(const config::Settings& settings, bool host_runs) {
    Diagnostics found;
    if (!host_runs) {
        check_listeners(settings, found);
    }
    if (const auto listener = public_listener(settings); listener.tls) {
        note(http::Server::check_tls(*listener.tls), settings.server.tls_position, found);
    }
    check_store_place(settings.store, found);
    for (const auto& [id, tenant] : settings.tenants) {
        check_channels(settings, tenant, found);
    }
    if (const auto key = Services::read_key(settings); !key) {
        found.push_back(config::make_diagnostic(settings.store.key_position, key.error()->message));
    }
    Diagnostics of_openid = check_openid(settings);
    found.insert(found.end(), std::make_move_iterator(of_openid.begin()), std::make_move_iterator(of_openid.end()));
    Diagnostics of_plugins = plugins::check_plugins(settings);
    found.insert(found.end(), std::make_move_iterator(of_plugins.begin()), std::make_move_iterator(of_plugins.end()));
    return found;
}

}  // namespace quell::app
