// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "containment/service.hpp"

#include "base/failed.hpp"
#include "base/random.hpp"
#include "containment/capabilities.hpp"
#include "containment/lock_pin.hpp"
#include "containment/selection.hpp"
#include "orders/document.hpp"
#include "orders/order_arguments.hpp"
#include "policy/switches.hpp"

namespace quell::containment {
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
orders::Order blank_order(const identity::Principal& principal, const ContainArguments& arguments, Entry entry) {
    orders::Order order;
    order.tenant = principal.tenant;
    order.kind = orders::Kind::containment;
    order.principal = principal.id;
    order.principal_label = principal.label;
    order.entry = entry;
    order.action = to_string(arguments.action);
    order.lookup_type = to_string(arguments.lookup.type);
    order.value = arguments.lookup.value;
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
    order.action = orders::noted_text(arguments, "action");
    order.reason = orders::noted_text(arguments, "reason");
    const json::Value* const lookup = arguments.if_contains("lookup");
    if (lookup != nullptr && lookup->is_object()) {
        order.lookup_type = orders::noted_text(lookup->get_object(), "lookup_type");
        order.value = orders::noted_text(lookup->get_object(), "value");
    } else {
        order.lookup_type.clear();
    }
    return order;
}

orders::Target* find_pinned(orders::Order& order, const std::string& device) {
    for (orders::Integration& part : order.integrations) {
        for (orders::Target& target : part.targets) {
            if (target.provider_id == device && target.sealed_pin) {
                return &target;
            }
        }
    }
    return nullptr;
}

// INTERFACES.md 1: the command line, as uid:N, has an owner's rights.
Result<void> check_may_reveal(const identity::Principal& principal, std::string_view reason) {
    if (!principal.id.starts_with("uid:")) {
        return Error(Code::permission_denied, "request_not_found", "There is no such request.");
    }
    if (reason.empty()) {
        return invalid_arguments("A reason is required to see a PIN; it is kept in the audit trail.");
    }
    return {};
}

}  // namespace

// What one call works with; lives in contain()'s frame.
struct Containment::Call {
    const identity::Principal& principal;
    const ContainArguments& arguments;
    const Entry entry;
    const config::TenantSettings& tenant;
};

Containment::Containment(const Services& services)
    : in_(services), actor_(services.connectors, services.settings, services.key) {}

Result<const config::TenantSettings*> Containment::tenant(const TenantId& id) const {
    const auto found = in_.settings.tenants.find(id);
    if (found == in_.settings.tenants.end()) {
        return no_tenant();
    }
    return &found->second;
}

Result<void> Containment::check_usable(const TenantId& id, Entry entry) const {
    TRY(const config::TenantSettings* const settings, tenant(id));
    return policy::check_switches(settings->device_containment, entry);
}

base::Task<std::string> Containment::contain(const identity::Principal& principal, const json::Object& arguments,
                                             Entry entry, std::stop_token stop) {
    auto read = read_arguments(arguments);
    if (!read) {
        in_.orders.note_refusal(unread_order(principal, arguments, entry), read.error());
        return base::failed<std::string>(std::move(read).error());
    }
    return contain(principal, std::move(*read), entry, std::move(stop));
}

base::Task<std::string> Containment::contain(const identity::Principal& principal, ContainArguments arguments,
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

base::Task<std::string> Containment::run(const Call& call, std::stop_token stop) {
    CO_TRY_VOID(policy::check_switches(call.tenant.device_containment, call.entry));
    if (call.arguments.idempotency_key) {
        CO_TRY(const auto earlier, in_.orders.find_keyed(new_order(call)));
        if (earlier) {
            co_return co_await wait(call.principal, *earlier, call.tenant.device_containment.wait, std::move(stop));
        }
    }
    CO_TRY(Selection selection, select(in_.connectors.enabled(call.tenant.id), call.tenant, call.arguments));
    CO_TRY(auto found, co_await resolve_devices(in_.connectors, call.tenant.id, std::move(selection), call.arguments,
                                                options_of(call.principal, stop)));
    if (stop.stop_requested()) {
        co_return client_left();
    }
    if (call.arguments.dry_run && !call.arguments.idempotency_key) {
        co_return keep_dry_run(call, std::move(found));
    }
    co_return co_await place(call, std::move(found), std::move(stop));
}

// The order that a call asks for, still without what resolving finds.
orders::Order Containment::new_order(const Call& call) {
    orders::Order order = blank_order(call.principal, call.arguments, call.entry);
    if (order.idempotency_key) {
        order.arguments_digest = orders::arguments_digest(order);
    }
    return order;
}

base::Task<std::string> Containment::place(const Call& call, std::vector<Found> found, std::stop_token stop) {
    orders::Order order = new_order(call);
    fill(order, std::move(found), call);
    CO_TRY(orders::Order placed,
           co_await in_.orders.place(std::move(order), call.tenant.device_containment.wait, std::move(stop)));
    co_return document(std::move(placed));
}

void Containment::fill(orders::Order& order, std::vector<Found> found, const Call& call) const {
    order.id = RequestId(uuid_v7());
    order.created_at = in_.orders.timing().now();
    order.settle_until = order.created_at + call.tenant.device_containment.poll;
    for (Found& part : found) {
        const Profile* const profile = find(in_.connectors.enabled(order.tenant), part.connector);
        for (orders::Target& target : part.targets) {
            if (order.dry_run) {
                continue;
            }
            const bool is_done = target.start_state == wanted_state(call.arguments.action);
            target.state = is_done ? orders::State::confirmed : orders::State::intent;
            target.changed = is_done ? std::optional(false) : std::nullopt;
            target.intent_at = order.created_at;
            if (!is_done && call.arguments.action == Action::lock_device && profile->lock_pin_digits > 0) {
                target.sealed_pin = seal_pin(in_.key, {order.tenant, order.id, target.provider_id},
                                             make_pin(profile->lock_pin_digits));
            }
        }
        order.integrations.push_back({std::move(part.connector),
                                      part.error ? orders::error_value(*part.error) : json::Value(nullptr),
                                      std::move(part.targets)});
    }
}

Result<std::string> Containment::keep_dry_run(const Call& call, std::vector<Found> found) {
    orders::Order order = new_order(call);
    fill(order, std::move(found), call);
    std::string integrations = orders::integrations_text(order);
    std::string answered = orders::to_document(order, integrations);
    TRY_VOID(in_.orders.keep_dry_run(std::move(order), std::move(integrations)));
    return answered;
}

Result<std::string> Containment::document(orders::Order order) const {
    TRY(const config::TenantSettings* const settings, tenant(order.tenant));
    show_pins(in_.key, settings->device_containment.pin_in_result, order);
    return orders::to_document(order);
}

Result<json::Value> Containment::capabilities(const identity::Principal& principal, Entry entry) const {
    TRY(const config::TenantSettings* const settings, tenant(principal.tenant));
    return json::Value(capabilities_document(in_.connectors.enabled(principal.tenant), *settings, entry));
}

base::Task<std::string> Containment::get(const identity::Principal& principal, RequestId id) const {
    CO_TRY(orders::Order order,
           co_await in_.orders.find_queued(principal.tenant, orders::Kind::containment, std::move(id)));
    co_return document(std::move(order));
}

base::Task<std::string> Containment::wait(const identity::Principal& principal, RequestId id, Millis time,
                                          std::stop_token stop) const {
    CO_TRY(orders::Order order, co_await in_.orders.wait(principal.tenant, orders::Kind::containment, std::move(id),
                                                         time, std::move(stop)));
    co_return document(std::move(order));
}

Result<std::string> Containment::list(const identity::Principal& principal, const RequestId& before,
                                      std::int64_t limit) const {
    TRY(auto found, in_.orders.list(principal.tenant, orders::Kind::containment, before, limit));
    std::vector<std::string> requests;
    for (orders::Order& order : found) {
        TRY(std::string request, document(std::move(order)));
        requests.push_back(std::move(request));
    }
    return orders::list_document(requests);
}

base::Task<SecretString> Containment::reveal_pin(const identity::Principal& principal, RequestId id,
                                                 std::string device, std::string reason) const {
    CO_TRY_VOID(check_may_reveal(principal, reason));
    CO_TRY(orders::Order order, in_.orders.find(principal.tenant, orders::Kind::containment, id));
    const orders::Target* const target = find_pinned(order, device);
    if (target == nullptr) {
        co_return Error(Code::not_found, "device_not_found", "That request has no lock PIN for such a device.");
    }
    audit::Record record{.tenant = principal.tenant,
                         .event = "lock_pin_revealed",
                         .actor = principal.id,
                         .request_id = id.str(),
                         .outcome = "ok",
                         .detail = {}};
    record.detail.emplace("device", std::string_view(device));
    record.detail.emplace("reason", std::string_view(reason));
    auto work = [&trail = in_.trail, record = std::move(record)](store::Transaction& transaction) {
        return trail.append(transaction, record);
    };
    CO_TRY_VOID(co_await in_.store.write<void>(std::move(work)));
    const RequestId& acting = target->joined_to ? *target->joined_to : order.id;
    co_return open_pin(in_.key, {order.tenant, acting, target->provider_id}, *target->sealed_pin);
}

}  // namespace quell::containment
