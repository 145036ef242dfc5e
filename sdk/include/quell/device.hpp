// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <quell/error.hpp>
#include <quell/time.hpp>

namespace quell::inline v1 {

enum class LookupType { user_email, hostname, serial_number, provider_device_id };
enum class Action { lock_device, network_contain, release_containment };
enum class ContainmentState { normal, containing, contained, releasing, locked, unknown };
enum class OutcomeState { accepted, confirmed, failed };

constexpr std::string_view to_string(LookupType type) {
    switch (type) {
        case LookupType::user_email:
            return "user_email";
        case LookupType::hostname:
            return "hostname";
        case LookupType::serial_number:
            return "serial_number";
        case LookupType::provider_device_id:
            return "provider_device_id";
    }
    return "";
}

constexpr std::optional<LookupType> parse_lookup_type(std::string_view name) {
    for (const LookupType type : {LookupType::user_email, LookupType::hostname,
                                  LookupType::serial_number, LookupType::provider_device_id}) {
        if (to_string(type) == name)
            return type;
    }
    return std::nullopt;
}

constexpr std::string_view to_string(Action action) {
    switch (action) {
        case Action::lock_device:
            return "lock_device";
        case Action::network_contain:
            return "network_contain";
        case Action::release_containment:
            return "release_containment";
    }
    return "";
}

constexpr std::optional<Action> parse_action(std::string_view name) {
    for (const Action action :
         {Action::lock_device, Action::network_contain, Action::release_containment}) {
        if (to_string(action) == name)
            return action;
    }
    return std::nullopt;
}

constexpr std::string_view to_string(ContainmentState state) {
    switch (state) {
        case ContainmentState::normal:
            return "normal";
        case ContainmentState::containing:
            return "containing";
        case ContainmentState::contained:
            return "contained";
        case ContainmentState::releasing:
            return "releasing";
        case ContainmentState::locked:
            return "locked";
        case ContainmentState::unknown:
            return "unknown";
    }
    return "unknown";
}

constexpr std::string_view to_string(OutcomeState state) {
    switch (state) {
        case OutcomeState::accepted:
            return "accepted";
        case OutcomeState::confirmed:
            return "confirmed";
        case OutcomeState::failed:
            return "failed";
    }
    return "failed";
}

struct Lookup {
    LookupType type = LookupType::hostname;
    std::string value{};
};

struct ResolveRequest {
    Lookup lookup{};
    std::optional<Action> action{};  // what is going to be ordered, if that is known
};

// A device that matches a lookup exactly.
struct Device {
    std::string provider_device_id{};
    std::optional<std::string> hostname{};
    std::optional<std::string> serial_number{};
    std::optional<std::string> user_email{};
    std::optional<std::string> platform{};
    ContainmentState state = ContainmentState::unknown;
    std::optional<Time> last_seen{};
};

// What a lock needs. The host makes the PIN and keeps it; never log it.
struct Lock {
    std::string pin{};
    std::optional<std::string> message{};
};

struct ApplyRequest {
    Action action = Action::network_contain;
    std::vector<std::string> device_ids{};
    std::string reason{};
    std::string request_id{};
    std::optional<Lock> lock{};
};

struct PollTarget {
    std::string provider_device_id{};
    // What apply or the last poll returned. Absent: the answer to apply was lost.
    std::optional<std::string> continuation{};
    Time since{};  // when the order was made
};

struct PollRequest {
    Action action = Action::network_contain;
    std::vector<PollTarget> devices{};
};

using MetadataValue = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;
// Facts for the caller and the audit record, for example the vendor's trace id. No secrets.
using Metadata = std::vector<std::pair<std::string, MetadataValue>>;

// What became of one device. Made by the three functions below.
struct DeviceOutcome {
    std::string provider_device_id{};
    OutcomeState state = OutcomeState::failed;
    bool changed = true;                        // confirmed: false if it was so before
    std::optional<std::string> continuation{};  // accepted: given back to poll
    std::optional<std::chrono::milliseconds> poll_after{};
    std::optional<Error> error{};  // failed
    Metadata metadata{};
};

// The provider took the order and works on it; the host polls.
inline DeviceOutcome accepted(std::string id, std::string continuation,
                              std::optional<std::chrono::milliseconds> poll_after = {}) {
    DeviceOutcome outcome{std::move(id), OutcomeState::accepted};
    outcome.continuation = std::move(continuation);
    outcome.poll_after = poll_after;
    return outcome;
}

// Read back as done. `changed` is false if it was already so.
inline DeviceOutcome confirmed(std::string id, bool changed) {
    return DeviceOutcome{std::move(id), OutcomeState::confirmed, changed};
}

// The provider refused, or it is impossible.
inline DeviceOutcome failed(std::string id, Error error) {
    DeviceOutcome outcome{std::move(id), OutcomeState::failed};
    outcome.error = std::move(error);
    return outcome;
}

}  // namespace quell::inline v1
