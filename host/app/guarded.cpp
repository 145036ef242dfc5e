// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/guarded.hpp"

#include "config/secret_ref.hpp"

namespace quell::app {
namespace {

using SettingsOf = std::function<std::shared_ptr<const config::Settings>()>;

std::shared_ptr<const config::TenantSettings> tenant_of(const SettingsOf& present, const TenantId& tenant) {
    static const auto none = std::make_shared<const config::TenantSettings>();
    auto settings = present();
    const auto found = settings->tenants.find(tenant);
    if (found == settings->tenants.end()) {
        return none;
    }
    const config::TenantSettings* const member = &found->second;
    return {std::move(settings), member};
}

Result<crypto::SealingKey> read_key(const json::Value& reference, std::string_view where) {
    const auto material = config::read_secret(reference);
    auto key = material ? crypto::SealingKey::make(*material) : Result<crypto::SealingKey>(material.error());
    if (!key) {
        Error::Members members = *key.error();
        members.message = std::string(where) + ": " + members.message;
        return Error(std::move(members));
    }
    return key;
}

}  // namespace

Result<secrets::KeyRing> read_key_ring(const config::Settings& settings) {
    std::vector<crypto::SealingKey> keys;
    if (settings.secret_store.key) {
        TRY(crypto::SealingKey key, read_key(*settings.secret_store.key, "[secret_store] key"));
        keys.push_back(std::move(key));
    }
    for (const json::Value& previous : settings.secret_store.previous_keys) {
        TRY(crypto::SealingKey key, read_key(previous, "[secret_store] previous_keys"));
        keys.push_back(std::move(key));
    }
    if (settings.store.key) {
        TRY(crypto::SealingKey key, read_key(*settings.store.key, "[store] key"));
        // Where no key of its own is named, earlier ones are only for opening.
        keys.insert(settings.secret_store.key ? keys.end() : keys.begin(), std::move(key));
    }
    if (keys.empty()) {
        return Error(Code::failed_precondition, "connector_misconfigured", "[secret_store] key and [store] key are missing.");
    }
    return secrets::KeyRing(std::move(keys));
}

Guarded::Guarded(secrets::KeyRing ring, const std::string& public_url, Base base)
    : approvals({.store = base.store,
                 .trail = base.trail,
                 .settings = [present = base.settings](const TenantId& tenant) { return tenant_of(present, tenant)->approvals; }}),
      log(base.store, base.trail, base.metrics),
      keys(std::move(ring)),
      built_in(base.store, keys),
      secrets({.store = base.store,
               .trail = base.trail,
               .approvals = approvals,
               .log = log,
               .built_in = built_in,
               .backends = base.backends,
               .settings = [present = base.settings](const TenantId& tenant) { return tenant_of(present, tenant); },
               .public_url = public_url}) {
    approvals.listen([this](store::Transaction& transaction, approvals::Event event, const approvals::Approval& approval) {
        return log.note(transaction, event, approval);
    });
}

Result<std::unique_ptr<Guarded>> Guarded::make(const config::Settings& settings, Base base) {
    TRY(secrets::KeyRing ring, read_key_ring(settings));
    return std::unique_ptr<Guarded>(new Guarded(std::move(ring), settings.server.public_url, std::move(base)));
}

Result<std::int64_t> Guarded::expire(store::Transaction& transaction, std::int64_t limit) {
    TRY(const std::int64_t waited, approvals.expire(transaction, limit));
    TRY(const std::int64_t wrapped, secrets.expire(transaction, limit));
    return waited + wrapped;
}

}  // namespace quell::app
