// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "containment/device_connectors.hpp"
#include "orders/order_rig.hpp"

namespace quell::containment {

// Providers with devices, a ledger of what was asked of them, and faults. Any thread.
class FakeDevices final : public DeviceConnectors {
  public:
    enum class Fault {
        none,
        refuses,           // 403 to the acting request
        claims_refusal,    // acts, answers as set_answer() says, then the plugin fails the call with a 403
        reports_refusal,   // the same, and the plugin reports the 403 for the device
        loses_the_answer,  // acts, then the call fails
        never_acts,        // sends, does not act, then the call fails
        fails_before,      // fails before anything is sent
        hangs_before,      // until the call is cancelled, before anything is sent
        hangs_after        // the same after acting
    };

    void add(Profile profile) { profiles_.push_back(std::move(profile)); }
    void add_device(std::string connector, plugins::Device device) {
        const std::lock_guard lock(mutex_);
        devices_[std::move(connector)].push_back(std::move(device));
    }
    void remove_devices() {
        const std::lock_guard lock(mutex_);
        devices_.clear();
    }
    void set_state(const std::string& id, const std::string& state) {
        const std::lock_guard lock(mutex_);
        state_of(id) = state;
    }
    // Of one device, or "" for all.
    void set_fault(const std::string& device, Fault fault) {
        const std::lock_guard lock(mutex_);
        faults_[device] = fault;
    }
    void set_resolve_error(const std::string& connector, Error error) {
        const std::lock_guard lock(mutex_);
        resolve_errors_.insert_or_assign(connector, std::move(error));
    }
    // The HTTP status that the provider gives to acting requests; 0: no answer.
    void set_answer(int status) { answer_ = status; }
    // Called when a device is about to be acted on.
    void set_before_sending(std::function<void()> hook) { before_sending_ = std::move(hook); }
    void set_polls_until_confirmed(int polls) { polls_until_confirmed_ = polls; }
    // apply waits here after acting.
    orders::Gate& gate() { return gate_; }
    void close_gate() { gated_ = true; }

    // "resolve crowdstrike hostname x", "network_contain crowdstrike A1", "poll crowdstrike A1".
    std::vector<std::string> ledger() const {
        const std::lock_guard lock(mutex_);
        return ledger_;
    }
    int count(const std::string& prefix) const {
        const std::lock_guard lock(mutex_);
        return static_cast<int>(std::ranges::count_if(
            ledger_, [&](const std::string& line) { return line.starts_with(prefix); }));
    }
    std::vector<std::string> pins() const {
        const std::lock_guard lock(mutex_);
        return pins_;
    }

    std::span<const Profile> enabled(const TenantId&) const override { return profiles_; }

    base::Task<std::vector<plugins::Device>> resolve(const TenantId&, const ConnectorKey& key,
                                                     plugins::Lookup lookup, Action,
                                                     plugins::CallOptions) override {
        const std::lock_guard lock(mutex_);
        ledger_.push_back("resolve " + key.str() + " " + lookup.lookup_type + " " + lookup.value);
        if (const auto error = resolve_errors_.find(key.str()); error != resolve_errors_.end()) {
            co_return error->second;
        }
        std::vector<plugins::Device> found;
        for (const plugins::Device& device : devices_[key.str()]) {
            if (is_asked(device, lookup)) {
                found.push_back(device);
            }
        }
        co_return found;
    }

    base::Task<std::vector<plugins::DeviceOutcome>> apply(const TenantId&, const ConnectorKey& key,
                                                          plugins::DeviceAction order,
                                                          plugins::CallOptions options) override {
        std::vector<plugins::DeviceOutcome> outcomes;
        for (const std::string& id : order.device_ids) {
            const Fault fault = fault_of(id);
            if (fault == Fault::fails_before) {
                co_return Error(Code::unavailable, "connector_unavailable", "down");
            }
            if (fault == Fault::hangs_before) {
                co_return co_await hang(options.cancel);
            }
            before_sending_();
            CO_TRY_VOID(options.before_acting_request());
            act(key, order, id, fault);
            finish(options, fault);
            if (fault == Fault::claims_refusal) {
                co_return refusal();
            }
            if (fault == Fault::hangs_after) {
                co_return co_await hang(options.cancel);
            }
            if (fault == Fault::loses_the_answer || fault == Fault::never_acts) {
                co_return Error(Code::deadline_exceeded, "deadline_exceeded", "no answer").retryable();
            }
            outcomes.push_back(answer(id, fault));
        }
        if (gated_) {
            CO_TRY_VOID(co_await gate_.pass());
        }
        co_return outcomes;
    }

    base::Task<std::vector<plugins::DeviceOutcome>> poll(const TenantId&, const ConnectorKey& key,
                                                         plugins::DevicePoll poll,
                                                         plugins::CallOptions) override {
        const std::lock_guard lock(mutex_);
        std::vector<plugins::DeviceOutcome> outcomes;
        for (const auto& asked : poll.devices) {
            ledger_.push_back("poll " + key.str() + " " + asked.provider_device_id);
            plugins::DeviceOutcome outcome;
            outcome.provider_device_id = asked.provider_device_id;
            if (!acted_.contains(asked.provider_device_id)) {
                outcome.error = Error(Code::not_found, "device_not_found", "no trace");
            } else if (polls_until_confirmed_ > 0) {
                --polls_until_confirmed_;
                outcome.state = plugins::OutcomeState::accepted;
                outcome.continuation = "c0";
            } else {
                outcome.state = plugins::OutcomeState::confirmed;
                outcome.changed = true;
            }
            outcomes.push_back(std::move(outcome));
        }
        co_return outcomes;
    }

  private:
    static bool is_asked(const plugins::Device& device, const plugins::Lookup& lookup) {
        if (lookup.lookup_type == "provider_device_id") {
            return device.provider_device_id == lookup.value;
        }
        const auto& value = lookup.lookup_type == "hostname"        ? device.hostname
                            : lookup.lookup_type == "serial_number" ? device.serial_number
                                                                    : device.user_email;
        return value == lookup.value;
    }

    std::string& state_of(const std::string& id) {
        for (auto& [connector, devices] : devices_) {
            for (plugins::Device& device : devices) {
                if (device.provider_device_id == id) {
                    return device.containment_state;
                }
            }
        }
        return unknown_device_;
    }

    Fault fault_of(const std::string& id) const {
        const std::lock_guard lock(mutex_);
        const auto found = faults_.contains(id) ? faults_.find(id) : faults_.find("");
        return found == faults_.end() ? Fault::none : found->second;
    }

    void act(const ConnectorKey& key, const plugins::DeviceAction& order, const std::string& id, Fault fault) {
        const std::lock_guard lock(mutex_);
        ledger_.push_back(order.action + " " + key.str() + " " + id);
        if (order.lock) {
            pins_.push_back(order.lock->pin);
        }
        if (fault != Fault::refuses && fault != Fault::never_acts) {
            acted_.insert(id);
            state_of(id) = order.action == "network_contain"       ? "contained"
                           : order.action == "release_containment" ? "normal"
                                                                   : state_of(id);
        }
    }

    // The host's HTTP service tells how the acting request ended.
    void finish(const plugins::CallOptions& options, Fault fault) const {
        const bool is_lost =
            fault == Fault::loses_the_answer || fault == Fault::never_acts || fault == Fault::hangs_after;
        egress::RequestLine line;
        line.kind = egress::RequestKind::acting;
        line.status = is_lost ? 0 : fault == Fault::refuses ? 403 : answer_.load();
        line.sent_to_provider = true;
        if (options.request_finished) {
            options.request_finished(line);
        }
    }

    static Error refusal() { return {Code::permission_denied, "http_403", "The provider refused."}; }

    static plugins::DeviceOutcome answer(const std::string& id, Fault fault) {
        plugins::DeviceOutcome outcome;
        outcome.provider_device_id = id;
        if (fault == Fault::refuses || fault == Fault::reports_refusal) {
            outcome.error = refusal();
            return outcome;
        }
        outcome.state = plugins::OutcomeState::accepted;
        outcome.continuation = "c0";
        outcome.poll_after = Millis(1);
        outcome.result_metadata.emplace("trace_id", "t-" + id);
        return outcome;
    }

    base::Task<std::vector<plugins::DeviceOutcome>> hang(std::stop_token cancel) {
        orders::Gate until_cancelled;
        const std::stop_callback wake(cancel, [&] { until_cancelled.open(); });
        {
            const std::lock_guard lock(mutex_);
            ledger_.push_back("hanging");
            hanging_.notify_all();
        }
        CO_TRY_VOID(co_await until_cancelled.pass());
        co_return Error(Code::cancelled, "deadline_exceeded", "cancelled");
    }

  public:
    void wait_until_hanging() {
        std::unique_lock lock(mutex_);
        hanging_.wait(lock, [this] { return std::ranges::count(ledger_, "hanging") > 0; });
    }

  private:
    mutable std::mutex mutex_;  // guards the devices, faults and lists below
    std::condition_variable hanging_;
    std::vector<Profile> profiles_;
    std::function<void()> before_sending_ = [] {};
    std::map<std::string, std::vector<plugins::Device>> devices_;
    std::map<std::string, Fault> faults_;
    std::map<std::string, Error> resolve_errors_;
    std::vector<std::string> ledger_;
    std::vector<std::string> pins_;
    std::set<std::string> acted_;
    std::string unknown_device_;
    std::atomic<int> polls_until_confirmed_ = 1;
    std::atomic<int> answer_ = 202;
    orders::Gate gate_;
    std::atomic<bool> gated_ = false;
};

inline Profile crowdstrike_profile() {
    return {.key = ConnectorKey("crowdstrike"),
            .kind = ConnectorKind::edr,
            .actions = {Action::network_contain, Action::release_containment},
            .lookup_types = {LookupType::hostname, LookupType::serial_number, LookupType::provider_device_id},
            .idempotent_actions = {Action::network_contain, Action::release_containment},
            .max_batch = 100,
            .lock_pin_digits = 0};
}

inline Profile jamf_profile() {
    return {.key = ConnectorKey("jamf"),
            .kind = ConnectorKind::mdm,
            .actions = {Action::lock_device},
            .lookup_types = {LookupType::user_email, LookupType::hostname, LookupType::serial_number,
                             LookupType::provider_device_id},
            .idempotent_actions = {},
            .max_batch = 10,
            .lock_pin_digits = 6};
}

inline plugins::Device a_device(std::string id, std::optional<std::string> hostname,
                                std::optional<std::string> serial, std::optional<std::string> email = std::nullopt) {
    plugins::Device device;
    device.provider_device_id = std::move(id);
    device.hostname = std::move(hostname);
    device.serial_number = std::move(serial);
    device.user_email = std::move(email);
    device.containment_state = "normal";
    return device;
}

}  // namespace quell::containment
