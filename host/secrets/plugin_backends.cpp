// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "secrets/plugin_backends.hpp"

#include "base/random.hpp"
#include "json/writer.hpp"
#include "plugins/outcome.hpp"
#include "plugins/secret_backend.hpp"

namespace quell::secrets {
namespace {

constexpr std::chrono::seconds kWithin{5};  // PLUGIN-ABI.md 2.5
constexpr std::string_view kAllFields = "*";

plugins::CallOptions options_for(const TraceContext& trace) {
    plugins::CallOptions options;
    options.deadline = std::chrono::steady_clock::now() + kWithin;
    options.trace = trace;
    options.before_acting_request = [] { return Result<void>(); };  // the service has recorded it
    return options;
}

// The text that an agent gets: the one field, whatever else the plugin brought, or all as a JSON object. Written once, at
// its full size.
Result<SecretString> text_of(const plugins::SecretContent& content, const std::string& field) {
    if (field != kAllFields) {
        const SecretString* value = content.find(field);
        return value != nullptr ? value->copy() : Result<SecretString>(plugins::bad_result("the field that was asked for is not there"));
    }
    std::size_t size = 2;
    for (const plugins::SecretField& each : content.fields) {
        size += each.name.size() + 6 * each.value.reveal().size() + 6;
    }
    std::string text;
    text.reserve(size);
    text += '{';
    for (const plugins::SecretField& each : content.fields) {
        json::Writer(text).value(each.name);  // with the comma before it
        text += ':';
        json::Writer(text).value(each.value.reveal());
    }
    text += '}';
    return SecretString(std::move(text));
}

class PluginBackend final : public Backend {
  public:
    PluginBackend(std::shared_ptr<plugins::Registry> registry, const plugins::Connector& connector, LeaseEnder& leases)
        : registry_(std::move(registry)), connector_(connector), leases_(leases) {}

    base::Task<Value> read(Location where) override {
        plugins::SecretRead wanted{.path = where.path};
        if (where.field != kAllFields) {
            wanted.fields.push_back(where.field);
        }
        plugins::CallOptions options = options_for(where.trace);
        CO_TRY(plugins::SecretContent content, co_await plugins::read_secret(connector_, wanted, std::move(options)));
        Value value;
        value.version = content.version ? std::to_string(*content.version) : std::string();
        if (content.lease) {
            value.lease_id = content.lease->id;
            value.lease = std::chrono::duration_cast<std::chrono::seconds>(content.lease->ttl);
            store::SecretLeaseRow row = row_of(where, *content.lease);
            CO_TRY_VOID(co_await leases_.keep(std::move(row)));
        }
        CO_TRY(value.text, text_of(content, where.field));
        co_return value;
    }

    base::Task<Written> write(Location where, SecretString value) override {
        plugins::SecretField field{where.field, std::move(value)};
        plugins::CallOptions options = options_for(where.trace);
        auto written = co_await plugins::rotate_secret(connector_, where.path, field, std::move(options));
        if (!written && written.error()->key == "secret_not_found") {
            std::vector<plugins::SecretField> fields;
            fields.push_back(std::move(field));
            plugins::CallOptions again = options_for(where.trace);
            written = co_await plugins::write_secret(connector_, where.path, fields, 0, std::move(again));
        }
        if (!written) {
            co_return written.error();
        }
        registry_->secrets_changed(connector_.tenant(), connector_.key());
        co_return Written{std::to_string(written->version)};
    }

    base::Task<Written> rotate(Location where) override {
        SecretString drawn(random_token());
        co_return co_await write(std::move(where), std::move(drawn));
    }

    base::Task<void> revoke(TenantId, std::string lease_id) override {
        plugins::CallOptions options = options_for({});
        co_return co_await plugins::revoke_lease(connector_, lease_id, std::move(options));
    }

  private:
    store::SecretLeaseRow row_of(const Location& where, const plugins::SecretLease& lease) const {
        const WallTime now = wall_now();
        const WallTime ends = now + std::chrono::duration_cast<std::chrono::seconds>(lease.ttl);
        return {.tenant = where.tenant,
                .connector = connector_.key(),
                .lease_id = lease.id,
                .actor = where.actor,
                .expires_at = ends,
                .next_at = where.until ? std::min(*where.until, ends) : ends};
    }

    const std::shared_ptr<plugins::Registry> registry_;
    const plugins::Connector& connector_;
    LeaseEnder& leases_;
};

}  // namespace

std::shared_ptr<Backend> PluginBackends::find(const TenantId& tenant, std::string_view connector) const {
    auto registry = registry_();
    const plugins::Connector* found = registry->find(tenant, ConnectorKey(std::string(connector)));
    if (found == nullptr || !found->offers(plugins::kSecretBackend)) {
        return nullptr;
    }
    return std::make_shared<PluginBackend>(std::move(registry), *found, leases_);
}

}  // namespace quell::secrets
