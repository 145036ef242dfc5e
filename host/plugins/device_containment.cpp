// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/device_containment.hpp"

#include "json/writer.hpp"
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
    const json::Array& documents = reply.at("devices").get_array();
    std::vector<Device> devices;
    devices.reserve(documents.size());
    for (const json::Value& document : documents) {
        devices.push_back(read_device(document.get_object()));
    }
    std::vector<std::string_view> ids;
    ids.reserve(devices.size());
    for (const Device& device : devices) {
        ids.push_back(device.provider_device_id);
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

std::string to_document(const Lookup& lookup, std::string_view action) {
    std::string text;
    text.reserve(128);
    json::Writer out(text);
    out.begin_object();
    out.key("lookup");
    out.begin_object();
    out.member("lookup_type", lookup.lookup_type);
    out.member("value", lookup.value);
    out.end_object();
    if (!action.empty()) {
        out.member("action", action);
    }
    out.end_object();
    return text;
}

std::string to_document(const DeviceAction& order) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.member("action", order.action);
    out.member("device_ids", order.device_ids);
    out.member("reason", order.reason);
    out.member("request_id", order.request_id);
    if (order.lock) {
        out.key("lock");
        out.begin_object();
        out.member("pin", order.lock->pin);
        out.member("message", order.lock->message);
        out.end_object();
    }
    out.end_object();
    return text;
}

std::string to_document(const DevicePoll& poll) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.member("action", poll.action);
    out.key("devices");
    out.begin_array();
    for (const DevicePoll::Asked& asked : poll.devices) {
        out.begin_object();
        out.member("provider_device_id", asked.provider_device_id);
        out.member("continuation", asked.continuation);
        out.member("since", to_rfc3339(asked.since));
        out.end_object();
    }
    out.end_array();
    out.end_object();
    return text;
}

}  // namespace

base::Task<std::vector<Device>> resolve(const Connector& connector, const Lookup& lookup, CallOptions options,
                                        std::string_view action) {
    options.read_only = true;
    return connector.call<std::vector<Device>>(kDeviceContainment, "resolve", to_document(lookup, action),
                                               std::move(options), read_devices);
}

base::Task<std::vector<DeviceOutcome>> apply(const Connector& connector, const DeviceAction& order,
                                             CallOptions options) {
    options.read_only = false;
    return connector.call<std::vector<DeviceOutcome>>(
        kDeviceContainment, "apply", to_document(order), std::move(options),
        [asked = order.device_ids](const json::Value& reply) { return read_outcomes(reply, asked); });
}

base::Task<std::vector<DeviceOutcome>> poll(const Connector& connector, const DevicePoll& poll, CallOptions options) {
    options.read_only = true;
    std::vector<std::string> asked;
    for (const DevicePoll::Asked& device : poll.devices) {
        asked.push_back(device.provider_device_id);
    }
    return connector.call<std::vector<DeviceOutcome>>(
        kDeviceContainment, "poll", to_document(poll), std::move(options),
        [asked = std::move(asked)](const json::Value& reply) { return read_outcomes(reply, asked); });
}

}  // namespace quell::plugins
