// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/deployment.hpp"

#include "app/crash_records.hpp"
#include "app/install_layout.hpp"
#include "app/secret_records.hpp"
#include "mcp/product_tools.hpp"

namespace quell::app {
namespace {

std::vector<TenantId> tenants_of(const config::Settings& settings) {
    std::vector<TenantId> tenants;
    for (const auto& [id, tenant] : settings.tenants) {
        tenants.push_back(id);
    }
    return tenants;
}

}  // namespace

Deployment::Deployment(config::Settings given, const Base& base)
    : settings(std::move(given)),
      registry(settings,
               {base.http, base.metrics,
                [&trail = base.trail](const PluginId& id, const plugins::Crash& crash) { record_crash(trail, id, crash); },
                base.content_changed,
                [&trail = base.trail](const plugins::SettingSecretUse& use) { record_setting_secret(trail, use); },
                base.built_in_secrets},
               install_layout().runner),
      devices(registry, tenants_of(settings)),
      containment({.orders = base.orders,
                   .connectors = devices,
                   .settings = settings,
                   .key = base.key,
                   .store = base.store,
                   .trail = base.trail}),
      accounts(registry, tenants_of(settings)),
      revocation({.orders = base.orders, .connectors = accounts, .settings = settings}),
      channels(registry),
      challenges({.store = base.store,
                  .trail = base.trail,
                  .endings = base.endings,
                  .channels = channels,
                  .settings = settings,
                  .key = base.key,
                  .allow_loopback_callbacks = settings.webhooks.allow_insecure_loopback}),
      content(registry, tenants_of(settings), [this](std::string_view name) { return tools.find(name) != nullptr; }) {}

Result<std::shared_ptr<Deployment>> Deployment::make(config::Settings settings, const Base& base) {
    std::shared_ptr<Deployment> made(new Deployment(std::move(settings), base));
    TRY(made->tools, mcp::product_tools({.containment = made->containment,
                                         .revocation = made->revocation,
                                         .challenges = made->challenges,
                                         .secrets = base.secrets,
                                         .approvals = base.approvals}));
    made->tools.measure(base.metrics, tenants_of(made->settings));
    return made;
}

}  // namespace quell::app
