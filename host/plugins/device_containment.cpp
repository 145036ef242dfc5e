// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/device_containment.hpp"

#include "plugins/outcome.hpp"
#include "plugins/outcome_documents.hpp"

namespace quell::plugins {
namespace {

Device read_device(const json::Object& object) {
    return {.provider_device_id = text_at(object, "provider_device_id"),
            .hostname = optional_text_at(object, "hostname"),
            .serial_number = optional_text_at(object, "serial_number"),
            .user_email = optional_text_at(object, "user_email"),
            .platform = optional_text_at(object, "platform"),
            .containment_state = text_at(object, "containment_state"),
            .last_seen = optional_text_at(object, "last_seen")};
}

// Two devices with one id would be acted on as if they were one.
Result<std::vector<Device>> read_devices(const json::Value& reply) {
    std::vector<Device> devices;
    std::vector<std::string> ids;
    for (const json::Value& device : reply.at("devices").get_array()) {
        devices.push_back(read_device(device.get_object()));
        ids.push_back(devices.back().provider_device_id);
    }
    std::sort(ids.begin(), ids.end());
    if (std::adjacent_find(ids.begin(), ids.end()) != ids.end()) {
        return bad_result("two devices have the same provider_device_id");
    }
    return devices;
}

OutcomeState read_state(std::string_view state) {
    if (state == "accepted") {
        return OutcomeState::accepted;
    }
    return state == "confirmed" ? OutcomeState::confirmed : OutcomeState::failed;
}

DeviceOutcome read_outcome(const json::Object& object) {
    DeviceOutcome outcome;
    outcome.provider_device_id = text_at(object, "provider_device_id");
    outcome.state = read_state(text_at(object, "state"));
    outcome.result_metadata = object_at(object, "result_metadata");
    if (outcome.state == OutcomeState::failed) {
        outcome.error = outcome_error(object, kDeviceContainment);
    } else if (outcome.state == OutcomeState::confirmed) {
        const json::Value* changed = object.if_contains("changed");
        outcome.changed = changed == nullptr || changed->get_bool();
    } else {
        outcome.continuation = optional_text_at(object, "continuation");
        const auto after = optional_integer_at(object, "poll_after_ms");
        outcome.poll_after = after ? std::optional(Millis(*after)) : std::nullopt;
    }
    return outcome;
}

Result<std::vector<DeviceOutcome>> read_outcomes(const json::Value& reply, std::vector<std::string> asked) {
    const json::Array& documents = reply.at("outcomes").get_array();
    TRY_VOID(check_ids(documents, "provider_device_id", std::move(asked)));
    std::vector<DeviceOutcome> outcomes;
    for (const json::Value& document : documents) {
        outcomes.push_back(read_outcome(document.get_object()));
    }
    return outcomes;
}

json::Object to_document(const Lookup& lookup, const std::string& action) {
    json::Object inner;
    inner.reserve(2);
    inner.emplace("lookup_type", std::string_view(lookup.lookup_type));
    inner.emplace("value", std::string_view(lookup.value));
    json::Object document;
    document.reserve(2);
    document.emplace("lookup", std::move(inner));
    if (!action.empty()) {
        document.emplace("action", std::string_view(action));
    }
    return document;
}

json::Object to_document(const DeviceAction& order) {
    json::Object document = {{"action", order.action},
                             {"device_ids", to_array(order.device_ids)},
                             {"reason", order.reason},
                             {"request_id", order.request_id}};
    if (order.lock) {
        document["lock"] = {{"pin", order.lock->pin}, {"message", order.lock->message}};
    }
    return document;
}

json::Object to_document(const DevicePoll& poll) {
    json::Array devices;
    for (const DevicePoll::Asked& asked : poll.devices) {
        devices.push_back(json::Object{
            {"provider_device_id", asked.provider_device_id},
            {"continuation", asked.continuation ? json::Value(*asked.continuation) : json::Value(nullptr)},
            {"since", to_rfc3339(asked.since)}});
    }
    return {{"action", poll.action}, {"devices", std::move(devices)}};
}

}  // namespace

base::Task<std::vector<Device>> resolve(const Connector& connector, Lookup lookup, CallOptions options,
                                        std::string action) {
    json::Value request = to_document(lookup, action);
    options.read_only = true;
    CO_TRY(const json::Value reply,
           co_await connector.call(kDeviceContainment, "resolve", std::move(request), std::move(options)));
    co_return read_devices(reply);
}

base::Task<std::vector<DeviceOutcome>> apply(const Connector& connector, DeviceAction order, CallOptions options) {
    json::Value request = to_document(order);
    options.read_only = false;
    CO_TRY(const json::Value reply,
           co_await connector.call(kDeviceContainment, "apply", std::move(request), std::move(options)));
    co_return read_outcomes(reply, std::move(order.device_ids));
}

base::Task<std::vector<DeviceOutcome>> poll(const Connector& connector, DevicePoll poll, CallOptions options) {
    json::Value request = to_document(poll);
    options.read_only = true;
    CO_TRY(const json::Value reply,
           co_await connector.call(kDeviceContainment, "poll", std::move(request), std::move(options)));
    std::vector<std::string> asked;
    for (DevicePoll::Asked& device : poll.devices) {
        asked.push_back(std::move(device.provider_device_id));
    }
    co_return read_outcomes(reply, std::move(asked));
}

}  // namespace quell::plugins
