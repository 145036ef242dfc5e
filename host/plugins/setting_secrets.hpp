// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "config/settings.hpp"
#include "egress/http_client.hpp"
#include "plugins/connector_settings.hpp"
#include "plugins/secret_backend.hpp"
#include "plugins/secret_references.hpp"

namespace quell::plugins {

// What became of a secret of a connector's settings, for the audit trail. Never a value.
struct SettingSecretUse {
    TenantId tenant;
    ConnectorKey connector;
    std::string setting;
    std::string reference;  // "vault:secret/acme/crowdstrike#client_secret"
    std::optional<std::int64_t> version{};
    std::optional<Error> error{};
};

// Fetches the secrets of connectors' settings from the tenants' backends and opens the connectors' ways out with them:
// in the order that they need one another, before the first call, and again when a lease nears its end, when the backend
// has been written to, when the provider refuses the credentials, and every few minutes. A connector whose secret cannot
// be had is closed with the reason and tried again; the others serve. Values stay in wiped memory. Its own thread.
class SettingSecrets {
  public:
    // The host's own store, for the connector name `builtin`; may be empty. Blocks.
    using BuiltInStore = std::function<Result<SecretContent>(const TenantId&, const std::string& path)>;

    struct Services {
        egress::HttpClient& http;
        std::function<void(const SettingSecretUse&)> used{};  // must not block
        BuiltInStore built_in{};
    };
    explicit SettingSecrets(Services services) : services_(std::move(services)) {}
    ~SettingSecrets() { stop(); }

    // A connector that needs secrets. Before start(). `backend` is the connector of each reference, null for the built-in
    // store; all outlive stop().
    struct Dependent {
        TenantId tenant;
        config::ConnectorSettings settings;
        std::shared_ptr<Plugin> plugin;
        Instance* instance = nullptr;
        std::vector<SecretReference> references;
        std::vector<const Connector*> backends;
    };
    void add(Dependent dependent);

    // Returns when each was tried once, or after ten seconds.
    void start();
    // Ends the leases of what was fetched, as far as the backends answer at once.
    void stop();
    // Something in the backend has another value; its dependents are looked after now. Any thread.
    void changed(const TenantId& tenant, const ConnectorKey& backend);

  private:
    using Time = std::chrono::steady_clock::time_point;
    struct Lease {
        const Connector* backend;
        SecretLease lease;
    };
    struct Entry {
        Dependent dependent;
        FetchedSecrets values{};
        std::vector<Lease> leases{};
        std::string last_outcome{"none yet"};  // the error's message; empty: all was well
        bool is_news = false;                  // the values are others than before
        bool anew = false;                     // a lease that lives on does not do
        Time expires = Time::max();            // of what was fetched
        Time next{};
        Time looked{};
        unsigned failures = 0;
    };

    void run(const std::stop_token& stopping);
    void look_after(Entry& entry);
    bool take_anew(Entry& entry);
    bool prolong(Entry& entry);
    Result<FetchedSecrets> fetch(Entry& entry, std::vector<Lease>& leases, std::vector<SettingSecretUse>& uses);
    Result<SecretContent> read(const Dependent& dependent, std::size_t reference);
    Result<void> open(Entry& entry, FetchedSecrets values);
    void tell(Entry& entry, std::vector<SettingSecretUse> uses, const std::string& outcome);
    void note_refusal(const Instance* instance);

    const Services services_;
    std::vector<std::unique_ptr<Entry>> entries_;  // those that others need come first
    std::mutex mutex_;  // guards next, looked, anew and leases of the entries, which this thread alone reads without it
    std::condition_variable_any wake_;
    bool tried_all_ = false;
    std::jthread thread_;
};

}  // namespace quell::plugins
