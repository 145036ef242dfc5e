// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/host.hpp"

#include "app/connection_cap.hpp"
#include "app/doors.hpp"
#include "app/listeners.hpp"
#include "app/reread.hpp"
#include "app/rest_routes.hpp"
#include "app/signals.hpp"
#include "base/log.hpp"

namespace quell::app {
namespace {

constexpr std::chrono::seconds kDrainWithin{30};
constexpr std::chrono::milliseconds kLookEvery{20};

unsigned io_thread_count() {
    return std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
}

}  // namespace

Host::Host(const config::Settings& settings) : settings_(settings), io_(io_thread_count()), supervisor_(*io_.contexts().front()) {}

Host::~Host() {
    stop();
}

Result<std::unique_ptr<Host>> Host::start(const config::Settings& settings) {
    std::unique_ptr<Host> host(new Host(settings));
    TRY(host->services_, Services::open(host->settings_, *host->io_.contexts().front()));
    TRY(api::RouteTable rest, rest_routes(*host->services_));
    host->doors_ = std::make_unique<Doors>(*host->services_, std::move(rest));
    host->services_->reload = [self = host.get()](const std::string& actor) { return self->reload(actor); };
    host->health_ = std::make_unique<Health>(*host->services_->store);
    host->admin_ = std::make_unique<AdminSocket>(*host->services_);
    host->metrics_ = std::make_unique<MetricsPage>(*host->services_);
    TRY_VOID(host->listen());
    host->housekeeping_ = std::make_unique<Housekeeping>(
        *host->services_->store, *host->io_.contexts().front(),
        [self = host.get()] { return self->services_->deployment()->settings.oauth.unused; });
    host->housekeeping_->also([guarded = host->services_->guarded.get()](store::Transaction& transaction, std::int64_t limit) {
        return guarded->expire(transaction, limit);
    });
    host->housekeeping_->also([&inbound = host->services_->inbound](store::Transaction& transaction, std::int64_t limit) {
        return inbound.forget(transaction, limit);
    });
    host->housekeeping_->start();
    host->doors_->start(*host->io_.contexts().front());
    host->io_.start();
    host->threads_run_ = true;
    TRY_VOID(host->services_->start());
    for (const auto& server : host->servers_) {
        server->start();
    }
    host->health_->set_serving(true);
    log::info("host_started", {{"public_url", settings.server.public_url}, {"plugins", host->plugin_status()}});
    return host;
}

Result<void> Host::listen() {
    doors_->add_routes(public_routes_);
    health_->add_routes(public_routes_);
    health_->add_routes(admin_routes_);
    metrics_->add_routes(admin_routes_);
    admin_->add_routes(socket_routes_);
    const auto contexts = io_.contexts();
    http::ListenOptions listener = public_listener(settings_);
    listener.max_connections = connection_cap(settings_.server.max_connections);
    TRY(auto server, http::Server::listen(listener, public_routes_, contexts));
    metrics_->watch("public", *server);
    servers_.push_back(std::move(server));
    if (const auto admin = admin_listener(settings_)) {
        TRY(auto admin_server, http::Server::listen(*admin, admin_routes_, {contexts.front()}));
        metrics_->watch("admin", *admin_server);
        watched_ = admin_server.get();
        servers_.push_back(std::move(admin_server));
    }
    TRY(auto socket, http::Server::listen(socket_listener(settings_), socket_routes_, {contexts.front()}));
    metrics_->watch("socket", *socket);
    servers_.push_back(std::move(socket));
    return {};
}

Result<void> Host::reload(const std::string& actor) {
    const std::lock_guard lock(reloading_);
    const Result<void> taken = take_new_settings();
    count_reload(services_->metrics, taken.has_value());
    if (taken) {
        log::info("config_reloaded", {{"plugins", plugin_status()}});
    } else {
        log::error("config_reload_refused", {{"message", taken.error()->message}, {"mistakes", taken.error()->candidates.size()}});
    }
    audit::Record record{.event = "config_reload", .actor = actor, .outcome = taken ? "ok" : taken.error()->key};
    if (const auto noted = services_->trail.append_later(std::move(record)); !noted) {
        log::warn("reload_not_audited", {{"detail", noted.error()->detail}});
    }
    return taken;
}

Result<void> Host::take_new_settings() {
    const auto present = services_->deployment();
    TRY(config::Settings settings, reread_settings(present->settings));
    const auto tls = public_listener(settings).tls;
    TRY(auto next, services_->make_deployment(std::move(settings)));
    if (tls) {
        TRY_VOID(servers_.front()->renew_tls(*tls));
    }
    std::vector<TenantId> tenants;
    for (const auto& [id, tenant] : next->settings.tenants) {
        tenants.push_back(id);
    }
    services_->replace(std::move(next));
    doors_->tell_reload(tenants);
    return {};
}

void Host::run_until_stopped() {
    supervisor_.ready();
    while (wait_for_signal() == Asked::reload) {
        supervisor_.reloading();
        static_cast<void>(reload("signal:SIGHUP"));  // it has told the log
        supervisor_.ready();
    }
    supervisor_.stopping();
    stop();
}

void Host::stop() {
    if (std::exchange(stopped_, true)) {
        return;
    }
    if (health_) {
        health_->set_serving(false);
    }
    // OP-04: who watches this host is told 503 until the last call is answered.
    for (const auto& server : servers_) {
        if (server.get() != watched_) {
            server->drain();
        }
    }
    const auto give_up_at = std::chrono::steady_clock::now() + kDrainWithin;
    const auto busy = [this] {
        return std::any_of(servers_.begin(), servers_.end(),
                           [this](const auto& s) { return s.get() != watched_ && s->connections() > 0; });
    };
    while (busy() && std::chrono::steady_clock::now() < give_up_at) {
        std::this_thread::sleep_for(kLookEvery);
    }
    if (watched_) {
        watched_->drain();
    }
    if (admin_) {
        admin_->stop();
    }
    // What was never started has nothing to end, and no thread to end it on.
    const bool came_back = !threads_run_ || services_->stop();
    io_.stop();
    if (services_) {
        // What housekeeping has queued uses the services: it is done, or has failed, before they go.
        static_cast<void>(services_->store->write_and_wait<void>([](store::Transaction&) { return Result<void>(); }));
    }
    if (threads_run_) {
        log::info("host_stopped");
    }
    if (!came_back) {
        // A thread is stuck inside a plugin's code: what it uses must not be destroyed.
        std::_Exit(0);
    }
}

json::Array Host::plugin_status() const {
    json::Array rows;
    const auto deployment = services_->deployment();
    for (const plugins::PluginStatus& status : deployment->registry.plugins()) {
        rows.push_back(json::Object{{"plugin", status.id.str()},
                                    {"version", status.version},
                                    {"isolation", status.isolation},
                                    {"state", to_string(status.backend.state)}});
    }
    return rows;
}

}  // namespace quell::app
