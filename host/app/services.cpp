// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/services.hpp"

#include "app/install_layout.hpp"
#include "config/secret_ref.hpp"

namespace quell::app {
namespace {

// The same error, with its place in the settings.
Error at_store_key(const Error& error) {
    Error::Members members = *error;
    members.message = "[store] key: " + error->message;
    return Error(std::move(members));
}

std::vector<TenantId> tenants_of(const config::Settings& settings) {
    std::vector<TenantId> tenants;
    for (const auto& [id, tenant] : settings.tenants) {
        tenants.push_back(id);
    }
    return tenants;
}

}  // namespace

Result<crypto::SealingKey> Services::read_key(const config::Settings& settings) {
    if (!settings.store.key) {
        return Error(Code::failed_precondition, "connector_misconfigured", "[store] key is missing.")
            .next_step("Point it at at least 32 random bytes, for example key = { file = \"/etc/quell/store.key\" }.");
    }
    const auto material = config::read_secret(*settings.store.key);
    if (!material) {
        return at_store_key(material.error());
    }
    auto key = crypto::SealingKey::make(*material);
    return key ? std::move(key) : Result<crypto::SealingKey>(at_store_key(key.error()));
}

Services::Services(const config::Settings& given, crypto::SealingKey sealing_key, std::unique_ptr<store::Store> opened,
                   boost::asio::io_context& settling)
    : settings(given),
      key(std::move(sealing_key)),
      store(std::move(opened)),
      trail(*store, key),
      users(*store, trail, revocations, passwords),
      clients(*store, trail, revocations),
      registry(settings, http, install_layout().runner),
      orders(*store, trail, settling.get_executor()),
      devices(registry, tenants_of(settings)),
      containment({.orders = orders, .connectors = devices, .settings = settings, .key = key, .store = *store, .trail = trail}),
      accounts(registry, tenants_of(settings)),
      revocation({.orders = orders, .connectors = accounts, .settings = settings}) {}

Result<std::unique_ptr<Services>> Services::open(const config::Settings& settings, boost::asio::io_context& settling) {
    TRY(crypto::SealingKey key, read_key(settings));
    TRY(auto store, store::Store::open({.path = settings.store.sqlite_path}));
    return std::unique_ptr<Services>(new Services(settings, std::move(key), std::move(store), settling));
}

Result<void> Services::start() {
    TRY_VOID(http.start());
    registry.start();
    return orders.start();
}

bool Services::stop() {
    orders.stop();
    const bool came_back = registry.stop();
    http.stop();
    passwords.stop();
    return came_back;
}

}  // namespace quell::app
