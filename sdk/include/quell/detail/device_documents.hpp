// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include <quell/detail/documents.hpp>
#include <quell/device_containment.hpp>

// The documents of sdk/schema/device_containment-1.*.json.

namespace quell::inline v1::detail {

inline nlohmann::json to_json(const Metadata& metadata) {
    nlohmann::json object = nlohmann::json::object();
    for (const auto& [name, value] : metadata)
        std::visit([&object, &key = name](const auto& held) { object[key] = held; }, value);
    return object;
}

inline Result<ResolveRequest> read_resolve(const nlohmann::json& document) {
    const nlohmann::json* lookup = find_member(document, "lookup");
    if (lookup == nullptr)
        return RequestReader::bad("lookup");
    QUELL_TRY(const std::string type, RequestReader(*lookup).text("lookup_type"));
    const auto lookup_type = parse_lookup_type(type);
    if (!lookup_type)
        return RequestReader::bad("lookup_type");
    QUELL_TRY(std::string value, RequestReader(*lookup).text("value"));
    ResolveRequest request{{*lookup_type, std::move(value)}};
    if (const auto action = string_member(document, "action")) {
        request.action = parse_action(*action);
        if (!request.action)
            return RequestReader::bad("action");
    }
    return request;
}

inline Result<Action> read_action(const nlohmann::json& document) {
    QUELL_TRY(const std::string name, RequestReader(document).text("action"));
    const auto action = parse_action(name);
    if (!action)
        return RequestReader::bad("action");
    return *action;
}

inline Result<ApplyRequest> read_apply(const nlohmann::json& document) {
    const RequestReader reader(document);
    ApplyRequest request;
    QUELL_TRY(request.action, read_action(document));
    QUELL_TRY(request.device_ids, reader.texts("device_ids"));
    request.reason = string_member(document, "reason").value_or("");
    request.request_id = string_member(document, "request_id").value_or("");
    if (const nlohmann::json* lock = find_member(document, "lock"); lock && lock->is_object()) {
        QUELL_TRY(std::string pin, RequestReader(*lock).text("pin"));
        request.lock = Lock{std::move(pin), string_member(*lock, "message")};
    }
    return request;
}

inline Result<PollTarget> read_poll_target(const nlohmann::json& document) {
    const RequestReader reader(document);
    PollTarget target;
    QUELL_TRY(target.provider_device_id, reader.text("provider_device_id"));
    target.continuation = string_member(document, "continuation");
    QUELL_TRY(const std::string since, reader.text("since"));
    const auto moment = parse_time(since);
    if (!moment)
        return RequestReader::bad("since");
    target.since = *moment;
    return target;
}

inline Result<PollRequest> read_poll(const nlohmann::json& document) {
    PollRequest request;
    QUELL_TRY(request.action, read_action(document));
    const nlohmann::json* devices = array_member(document, "devices");
    if (devices == nullptr || devices->empty())
        return RequestReader::bad("devices");
    for (const nlohmann::json& device : *devices) {
        QUELL_TRY(PollTarget target, read_poll_target(device));
        request.devices.push_back(std::move(target));
    }
    return request;
}

inline nlohmann::json to_json(const Device& device) {
    return {{"provider_device_id", device.provider_device_id},
            {"hostname", text_or_null(device.hostname)},
            {"serial_number", text_or_null(device.serial_number)},
            {"user_email", text_or_null(device.user_email)},
            {"platform", text_or_null(device.platform)},
            {"containment_state", to_string(device.state)},
            {"match", "exact"},
            {"last_seen", device.last_seen ? nlohmann::json(format_time(*device.last_seen))
                                           : nlohmann::json(nullptr)}};
}

inline nlohmann::json to_json(const DeviceOutcome& outcome) {
    nlohmann::json object = {{"provider_device_id", outcome.provider_device_id},
                             {"state", to_string(outcome.state)},
                             {"result_metadata", to_json(outcome.metadata)}};
    if (outcome.state == OutcomeState::confirmed)
        object["changed"] = outcome.changed;
    if (outcome.continuation)
        object["continuation"] = *outcome.continuation;
    if (outcome.poll_after)
        object["poll_after_ms"] = outcome.poll_after->count();
    if (outcome.error)
        object["error"] = to_json(*outcome.error);
    return object;
}

inline nlohmann::json to_document(const std::vector<Device>& devices) {
    nlohmann::json list = nlohmann::json::array();
    for (const Device& device : devices)
        list.push_back(to_json(device));
    return {{"devices", std::move(list)}};
}

inline nlohmann::json to_document(const std::vector<DeviceOutcome>& outcomes) {
    nlohmann::json list = nlohmann::json::array();
    for (const DeviceOutcome& outcome : outcomes)
        list.push_back(to_json(outcome));
    return {{"outcomes", std::move(list)}};
}

}  // namespace quell::inline v1::detail
