// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/services.hpp"

#include "app/approval_notices.hpp"
#include "app/notification_senders.hpp"
#include "config/secret_ref.hpp"

namespace quell::app {
namespace {

// The same error, with its place in the settings.
Error at_store_key(const Error& error) {
    Error::Members members = *error;
    members.message = "[store] key: " + error->message;
    return Error(std::move(members));
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

Services::Services(crypto::SealingKey sealing_key, std::unique_ptr<store::Store> opened,
                   boost::asio::io_context& settling)
    : key(std::move(sealing_key)),
      store(std::move(opened)),
      trail(*store, key),
      outbox(*store, trail, [this] { return settings(); }),
      users(*store, trail, revocations, passwords),
      clients(*store, trail, revocations),
      api_keys(*store, trail, revocations),
      initial_tokens(*store, trail),
      orders(*store, trail, settling.get_executor()),
      leases(*store, trail, [this] { return present_registry(); }),
      courier({.store = *store, .trail = trail, .metrics = metrics, .settings = [this] { return settings(); }}, notification_senders(*this)),
      endings(trail, metrics,
              [this](store::Transaction& transaction, const challenges::Callback& callback) {
                  return outbox.add(transaction, notifications::Callback{.tenant = callback.tenant,
                                                                         .event = callback.event,
                                                                         .subject = callback.id.str(),
                                                                         .url = callback.url,
                                                                         .body = callback.body});
              }),
      upkeep(*store, endings, [this] { return present_channels(); }, settling.get_executor()),
      inbound(*store, [this](auto name, auto event) { return inbound_acts_.act(std::move(name), std::move(event)); },
              settling.get_executor()),
      backends_(std::make_unique<secrets::PluginBackends>([this] { return present_registry(); }, leases)) {}

std::shared_ptr<challenges::Channels> Services::present_channels() const {
    auto present = deployment();
    challenges::Channels* const channels = &present->channels;
    return {std::move(present), channels};
}

Result<std::unique_ptr<Services>> Services::open(const config::Settings& settings, boost::asio::io_context& settling) {
    TRY(crypto::SealingKey key, read_key(settings));
    TRY(auto store, store::Store::open({.path = settings.store.sqlite_path}));
    std::unique_ptr<Services> services(new Services(std::move(key), std::move(store), settling));
    TRY(services->guarded, Guarded::make(settings, {.store = *services->store,
                                                    .trail = services->trail,
                                                    .metrics = services->metrics,
                                                    .settings = [self = services.get()]() -> std::shared_ptr<const config::Settings> {
                                                        auto present = self->deployment();
                                                        const config::Settings* const settings_now = &present->settings;
                                                        return {std::move(present), settings_now};
                                                    },
                                                    .backends = *services->backends_}));
    services->tell_of_approvals(settings.server.public_url);
    TRY(auto deployment, services->make_deployment(settings));
    services->use(std::move(deployment));
    return services;
}

// In the transaction of what they tell of: the outbox keeps them with it.
void Services::tell_of_approvals(const std::string& public_url) {
    guarded->approvals.listen(
        [this, public_url](store::Transaction& transaction, approvals::Event event, const approvals::Approval& approval) {
            return outbox.add(transaction, notice_of(event, approval, public_url));
        });
    guarded->log.on_alarm(
        [this](store::Transaction& transaction, const secrets::Alarm& alarm) { return outbox.add(transaction, notice_of(alarm)); });
}

Result<void> Services::start() {
    TRY_VOID(start_connectors());
    TRY_VOID(orders.start());
    leases.start();
    TRY_VOID(courier.start());
    TRY_VOID(upkeep.start());
    return inbound.start();
}

Result<void> Services::start_connectors() {
    TRY_VOID(http.start());
    deployment()->registry.start();
    return {};
}

bool Services::stop() {
    inbound.stop();
    upkeep.stop();
    courier.stop();
    orders.stop();
    leases.stop();
    return stop_connectors();
}

bool Services::stop_connectors() {
    const bool came_back = deployment()->registry.stop();
    retirement_.stop();
    documents.stop();
    http.stop();
    passwords.stop();
    return came_back;
}

std::shared_ptr<plugins::Registry> Services::present_registry() const {
    auto present = deployment();
    plugins::Registry* const registry = &present->registry;
    return {std::move(present), registry};
}

// Settings that refer to the host's own store: the resource's URI is the path, its one field is `value`.
Result<plugins::SecretContent> Services::read_built_in(const TenantId& tenant, const std::string& path) const {
    TRY(secrets::Value value, guarded->built_in.read_now({.tenant = tenant, .path = path, .field = {}}));
    plugins::SecretContent content;
    content.fields.push_back({"value", std::move(value.text)});
    return content;
}

std::shared_ptr<Deployment> Services::deployment() const {
    const std::lock_guard lock(mutex_);
    return deployment_;
}

std::shared_ptr<const config::Settings> Services::settings() const {
    auto present = deployment();
    const config::Settings* const settings = &present->settings;
    return {std::move(present), settings};
}

Result<std::shared_ptr<Deployment>> Services::make_deployment(config::Settings settings) {
    return Deployment::make(std::move(settings),
                            {.orders = orders, .key = key, .store = *store, .trail = trail, .http = http,
                             .metrics = metrics, .endings = endings,
                             .built_in_secrets = [this](const TenantId& tenant, const std::string& path) { return read_built_in(tenant, path); },
                             .approvals = guarded->approvals,
                             .secrets = guarded->secrets,
                             .content_changed = [this](const TenantId& tenant, const ConnectorKey& connector, const plugins::McpEvent& event) {
                                 if (content_changed) {
                                     content_changed(tenant, connector, event);
                                 }
                             }});
}

void Services::replace(std::shared_ptr<Deployment> next) {
    next->registry.start();
    auto present = deployment();
    use(std::move(next));
    retirement_.retire(std::move(present));
}

void Services::use(std::shared_ptr<Deployment> next) {
    orders.serve(orders::Kind::containment, {next, &next->containment.actor()});
    orders.serve(orders::Kind::revocation, {next, &next->revocation.actor()});
    const std::lock_guard lock(mutex_);
    deployment_.swap(next);
}

}  // namespace quell::app
