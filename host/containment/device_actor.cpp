// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "containment/device_actor.hpp"

#include "containment/lock_pin.hpp"
#include "containment/resolution.hpp"
#include "policy/switches.hpp"

namespace quell::containment {
namespace {

orders::State state_of(plugins::OutcomeState state) {
    switch (state) {
        case plugins::OutcomeState::accepted: return orders::State::accepted;
        case plugins::OutcomeState::confirmed: return orders::State::confirmed;
        case plugins::OutcomeState::failed: return orders::State::failed;
    }
    return orders::State::failed;
}

orders::Report as_report(plugins::DeviceOutcome outcome) {
    return {.provider_id = std::move(outcome.provider_device_id),
            .state = state_of(outcome.state),
            .changed = outcome.changed,
            .outcome = {},
            .continuation = std::move(outcome.continuation),
            .poll_after = outcome.poll_after,
            .error = std::move(outcome.error),
            .result_metadata = std::move(outcome.result_metadata)};
}

std::vector<orders::Report> as_reports(std::vector<plugins::DeviceOutcome> outcomes) {
    std::vector<orders::Report> reports;
    reports.reserve(outcomes.size());
    for (plugins::DeviceOutcome& outcome : outcomes) {
        reports.push_back(as_report(std::move(outcome)));
    }
    return reports;
}

Error changed_since(const orders::Batch& batch) {
    Error error(Code::failed_precondition, "device_not_found",
                "The host was restarted before this was sent, and `" + batch.connector.str() +
                    "` does not show the same device in the same state any more. Nothing was done.");
    return std::move(error).next_step("Try a dry run, then order again if it is still wanted.");
}

bool is_same(const plugins::Device& device, const orders::Target& target) {
    return device.provider_device_id == target.provider_id && device.serial_number == target.serial_number &&
           device.hostname == target.name && device.containment_state == target.start_state;
}

}  // namespace

std::size_t DeviceActor::max_batch(const TenantId& tenant, const ConnectorKey& connector,
                                   std::string_view action) const {
    const Profile* const profile = find(connectors_.enabled(tenant), connector);
    return profile == nullptr || action == to_string(Action::lock_device) ? 1 : profile->max_batch;
}

bool DeviceActor::may_repeat(const orders::Batch& batch) const {
    const auto action = parse_action(batch.action);
    const Profile* const profile = find(connectors_.enabled(batch.tenant), batch.connector);
    return action && *action != Action::lock_device && profile != nullptr && profile->repeats(*action);
}

Result<plugins::DeviceAction> DeviceActor::order_of(const orders::Batch& batch) const {
    plugins::DeviceAction order{.action = batch.action,
                                .device_ids = {},
                                .reason = batch.reason,
                                .request_id = batch.request.str(),
                                .lock = {}};
    for (const orders::Target& target : batch.targets) {
        order.device_ids.push_back(target.provider_id);
    }
    const orders::Target& first = batch.targets.front();
    if (first.sealed_pin) {
        TRY(const SecretString pin,
            open_pin(key_, {batch.tenant, batch.request, first.provider_id}, *first.sealed_pin));
        order.lock = plugins::DeviceAction::Lock{.pin = std::string(pin.reveal()), .message = ""};
    }
    return order;
}

base::Task<std::vector<orders::Report>> DeviceActor::apply(orders::Batch batch, BeforeActing before,
                                                           AfterRequest after, std::stop_token cancel) {
    CO_TRY(plugins::DeviceAction order, order_of(batch));
    plugins::CallOptions options;
    options.read_only = false;
    options.request_id = batch.request.str();
    options.trace = batch.trace;
    options.before_acting_request = std::move(before);
    options.request_finished = std::move(after);
    options.cancel = std::move(cancel);
    CO_TRY(auto outcomes,
           co_await connectors_.apply(batch.tenant, batch.connector, std::move(order), std::move(options)));
    co_return as_reports(std::move(outcomes));
}

base::Task<std::vector<orders::Report>> DeviceActor::poll(orders::Batch batch, std::stop_token cancel) {
    plugins::DevicePoll asked{.action = batch.action, .devices = {}};
    for (const orders::Target& target : batch.targets) {
        asked.devices.push_back({target.provider_id, target.continuation, target.intent_at});
    }
    plugins::CallOptions options;
    options.request_id = batch.request.str();
    options.trace = batch.trace;
    options.cancel = std::move(cancel);
    CO_TRY(auto outcomes,
           co_await connectors_.poll(batch.tenant, batch.connector, std::move(asked), std::move(options)));
    co_return as_reports(std::move(outcomes));
}

// The switches count again: what was turned off while the host was down is not sent now.
Result<void> DeviceActor::check_allowed(const orders::Batch& batch) const {
    const auto tenant = settings_.tenants.find(batch.tenant);
    const auto action = parse_action(batch.action);
    const Profile* const profile = find(connectors_.enabled(batch.tenant), batch.connector);
    if (tenant == settings_.tenants.end() || profile == nullptr || !action || !profile->does(*action)) {
        return Error(Code::failed_precondition, "connector_not_enabled",
                     "`" + batch.connector.str() + "` is not enabled for this action any more. Nothing was done.");
    }
    return policy::check_switches(tenant->second.device_containment, policy::Entry::cli);
}

base::Task<void> DeviceActor::check_unchanged(orders::Batch batch, std::stop_token cancel) {
    CO_TRY_VOID(check_allowed(batch));
    const orders::Target& target = batch.targets.front();
    Lookup lookup{LookupType::provider_device_id, target.provider_id};
    const Action action = parse_action(batch.action).value_or(Action::network_contain);
    plugins::CallOptions options;
    options.cancel = std::move(cancel);
    CO_TRY(const auto devices, co_await look_up(connectors_, batch.tenant, batch.connector, lookup, action,
                                                std::move(options)));
    if (devices.size() != 1 || !is_same(devices.front(), target)) {
        co_return changed_since(batch);
    }
    co_return Result<void>();
}

}  // namespace quell::containment
