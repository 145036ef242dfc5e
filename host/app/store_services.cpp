// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/store_services.hpp"

#include "config/secret_ref.hpp"

namespace quell::app {
namespace {

Result<crypto::SealingKey> read_key(const config::StoreSettings& settings) {
    if (!settings.key) {
        return Error(Code::failed_precondition, "connector_misconfigured", "[store] key is missing.")
            .next_step("Point it at at least 32 random bytes, for example key = { file = \"/etc/quell/store.key\" }.");
    }
    TRY(const SecretString material, config::read_secret(*settings.key));
    return crypto::SealingKey::make(material);
}

}  // namespace

StoreServices::StoreServices(const config::Settings& given, crypto::SealingKey sealing_key,
                             std::unique_ptr<store::Store> opened)
    : settings(given),
      key(std::move(sealing_key)),
      store(std::move(opened)),
      trail(*store, key),
      users(*store, trail, revocations, passwords),
      clients(*store, trail, revocations) {}

Result<std::unique_ptr<StoreServices>> StoreServices::open(const config::Settings& settings) {
    TRY(crypto::SealingKey key, read_key(settings.store));
    TRY(auto store, store::Store::open({.path = settings.store.sqlite_path}));
    return std::unique_ptr<StoreServices>(new StoreServices(settings, std::move(key), std::move(store)));
}

}  // namespace quell::app
