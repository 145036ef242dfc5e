// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "revocation/service.hpp"

#include <set>

#include "base/failed.hpp"
#include "base/random.hpp"
#include "orders/document.hpp"
#include "orders/order_arguments.hpp"
#include "policy/integration_targets.hpp"
#include "policy/switches.hpp"

namespace quell::revocation {
namespace {

Error client_left() {
    return {Code::cancelled, "deadline_exceeded", "The caller left before anything was ordered."};
}

Error no_tenant() {
    return Error(Code::failed_precondition, "connector_not_enabled", "This tenant has no settings on this host.")
        .next_step("Ask the administrator of this host.");
}

plugins::CallOptions options_of(const identity::Principal& principal, const std::stop_token& stop) {
    plugins::CallOptions options;
    options.trace = principal.trace;
    options.cancel = stop;
    return options;
}

// Without what resolving finds; enough to note a refusal.
orders::Order blank_order(const identity::Principal& principal, const RevokeArguments& arguments, Entry entry) {
    orders::Order order;
    order.tenant = principal.tenant;
    order.kind = orders::Kind::revocation;
    order.principal = principal.id;
    order.principal_label = principal.label;
    order.entry = entry;
    order.action = orders::kRevokeSessions;
    order.lookup_type = "username";
    order.value = arguments.username;
    order.integration_targets = arguments.integration_targets;
    order.reason = arguments.reason;
    order.dry_run = arguments.dry_run;
    order.idempotency_key = arguments.idempotency_key;
    order.trace = principal.trace;
    return order;
}

// What cannot be read as arguments is noted as it was sent, as far as it is text.
orders::Order unread_order(const identity::Principal& principal, const json::Object& arguments, Entry entry) {
    orders::Order order = blank_order(principal, {}, entry);
    order.value = orders::noted_text(arguments, "username");
    order.reason = orders::noted_text(arguments, "reason");
    return order;
}

// The named connectors, or all enabled ones (V44).
Result<std::vector<ConnectorKey>> select(std::span<const Profile> enabled, const config::TenantSettings& tenant,
                                         const RevokeArguments& arguments) {
    std::vector<std::string> keys;
    for (const Profile& profile : enabled) {
        keys.push_back(profile.key.str());
    }
    TRY_VOID(policy::check_integration_targets(
        arguments.integration_targets,
        {.tenant = tenant, .reserved = kReservedKeys, .enabled = keys, .capability = "session revocation"}));
    std::vector<ConnectorKey> selected;
    for (const std::string& key : arguments.integration_targets ? *arguments.integration_targets : keys) {
        selected.emplace_back(key);
    }
    return selected;
}

json::Array as_array(const std::set<std::string_view>& words) {
    json::Array array;
    for (const std::string_view word : words) {
        array.emplace_back(word);
    }
    return array;
}

json::Object switches(const config::SessionRevocationSettings& settings, Entry entry) {
    const auto allowed = policy::check_switches(settings, entry);
    json::Object out;
    out.emplace("enabled", settings.enabled);
    out.emplace("allow_via_mcp", settings.allow_via_mcp);
    out.emplace("usable", allowed.has_value());
    out.emplace("error", allowed ? json::Value(nullptr) : orders::error_value(allowed.error()));
    return out;
}

}  // namespace

// What one call works with; lives in revoke()'s frame.
struct Revocation::Call {
    const identity::Principal& principal;
    const RevokeArguments& arguments;
    const Entry entry;
    const config::TenantSettings& tenant;
};

Revocation::Revocation(const Services& services) : in_(services), actor_(services.connectors, services.settings) {}

Result<const config::TenantSettings*> Revocation::tenant(const TenantId& id) const {
    const auto found = in_.settings.tenants.find(id);
    if (found == in_.settings.tenants.end()) {
        return no_tenant();
    }
    return &found->second;
}

Result<void> Revocation::check_usable(const TenantId& id, Entry entry) const {
    TRY(const config::TenantSettings* const settings, tenant(id));
    return policy::check_switches(settings->session_revocation, entry);
}

base::Task<std::string> Revocation::revoke(const identity::Principal& principal, const json::Object& arguments,
                                           Entry entry, std::stop_token stop) {
    auto read = read_arguments(arguments);
    if (!read) {
        in_.orders.note_refusal(unread_order(principal, arguments, entry), read.error());
        return base::failed<std::string>(std::move(read).error());
    }
    return revoke(principal, std::move(*read), entry, std::move(stop));
}

base::Task<std::string> Revocation::revoke(const identity::Principal& principal, RevokeArguments arguments,
                                           Entry entry, std::stop_token stop) {
    const auto settings = tenant(principal.tenant);
    if (!settings) {
        in_.orders.note_refusal(blank_order(principal, arguments, entry), settings.error());
        co_return settings.error();
    }
    const Call call{principal, arguments, entry, **settings};
    auto result = co_await run(call, std::move(stop));
    if (!result) {
        in_.orders.note_refusal(blank_order(principal, arguments, entry), result.error());
    }
    co_return result;
}

base::Task<std::string> Revocation::run(const Call& call, std::stop_token stop) {
    CO_TRY_VOID(policy::check_switches(call.tenant.session_revocation, call.entry));
    if (call.arguments.idempotency_key) {
        CO_TRY(const auto earlier, in_.orders.find_keyed(new_order(call)));
        if (earlier) {
            co_return co_await wait(call.principal, *earlier, call.tenant.session_revocation.wait, std::move(stop));
        }
    }
    CO_TRY(auto keys, select(in_.connectors.enabled(call.tenant.id), call.tenant, call.arguments));
    CO_TRY(auto found, co_await resolve_accounts(in_.connectors, call.tenant.id, std::move(keys),
                                                 call.arguments.username, options_of(call.principal, stop)));
    if (stop.stop_requested()) {
        co_return client_left();
    }
    if (call.arguments.dry_run && !call.arguments.idempotency_key) {
        co_return keep_dry_run(call, std::move(found));
    }
    co_return co_await place(call, std::move(found), std::move(stop));
}

// The order that a call asks for, still without what resolving finds.
orders::Order Revocation::new_order(const Call& call) {
    orders::Order order = blank_order(call.principal, call.arguments, call.entry);
    if (order.idempotency_key) {
        order.arguments_digest = orders::arguments_digest(order);
    }
    return order;
}

base::Task<std::string> Revocation::place(const Call& call, std::vector<Found> found, std::stop_token stop) {
    orders::Order order = new_order(call);
    fill(order, std::move(found), call);
    CO_TRY(orders::Order placed,
           co_await in_.orders.place(std::move(order), call.tenant.session_revocation.wait, std::move(stop)));
    co_return orders::to_document(placed);
}

void Revocation::fill(orders::Order& order, std::vector<Found> found, const Call& call) const {
    order.id = RequestId(uuid_v7());
    order.created_at = in_.orders.timing().now();
    order.settle_until = order.created_at + call.tenant.session_revocation.poll;
    for (Found& part : found) {
        for (orders::Target& target : part.targets) {
            target.state = order.dry_run ? orders::State::resolved : orders::State::intent;
            target.intent_at = order.created_at;
        }
        order.integrations.push_back({std::move(part.connector),
                                      part.error ? orders::error_value(*part.error) : json::Value(nullptr),
                                      std::move(part.targets)});
    }
}

Result<std::string> Revocation::keep_dry_run(const Call& call, std::vector<Found> found) {
    orders::Order order = new_order(call);
    fill(order, std::move(found), call);
    std::string integrations = orders::integrations_text(order);
    std::string answered = orders::to_document(order, integrations);
    TRY_VOID(in_.orders.keep_dry_run(std::move(order), std::move(integrations)));
    return answered;
}

Result<json::Value> Revocation::capabilities(const identity::Principal& principal, Entry entry) const {
    TRY(const config::TenantSettings* const settings, tenant(principal.tenant));
    const auto profiles = in_.connectors.enabled(principal.tenant);
    std::set<std::string_view> enabled;
    std::set<std::string_view> supported(kReservedKeys.begin(), kReservedKeys.end());
    json::Array integrations;
    for (const Profile& profile : profiles) {
        enabled.insert(profile.key.str());
        supported.insert(profile.key.str());
        json::Object integration;
        integration.emplace("integration", std::string_view(profile.key.str()));
        integration.emplace("actions", json::Array{orders::kRevokeSessions});
        integration.emplace("lookup_types", json::Array{"username"});
        integrations.emplace_back(std::move(integration));
    }
    json::Object out;
    out.emplace("supported", as_array(supported));
    out.emplace("enabled", as_array(enabled));
    out.emplace("integrations", std::move(integrations));
    out.emplace("default_targets", as_array(enabled));
    out.emplace("switches", switches(settings->session_revocation, entry));
    return json::Value(std::move(out));
}

base::Task<std::string> Revocation::get(const identity::Principal& principal, RequestId id) const {
    CO_TRY(const orders::Order order,
           co_await in_.orders.find_queued(principal.tenant, orders::Kind::revocation, std::move(id)));
    co_return orders::to_document(order);
}

base::Task<std::string> Revocation::wait(const identity::Principal& principal, RequestId id, Millis time,
                                         std::stop_token stop) const {
    CO_TRY(const orders::Order order, co_await in_.orders.wait(principal.tenant, orders::Kind::revocation,
                                                               std::move(id), time, std::move(stop)));
    co_return orders::to_document(order);
}

Result<std::string> Revocation::list(const identity::Principal& principal, const RequestId& before,
                                     std::int64_t limit) const {
    TRY(const auto found, in_.orders.list(principal.tenant, orders::Kind::revocation, before, limit));
    std::vector<std::string> requests;
    for (const orders::Order& order : found) {
        requests.push_back(orders::to_document(order));
    }
    return orders::list_document(requests);
}

}  // namespace quell::revocation
