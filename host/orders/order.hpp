// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/trace_context.hpp"
#include "json/value.hpp"
#include "policy/entry.hpp"

// The words of INTERFACES.md 1, spelled as on the wire, and the order as plain values.
namespace quell::orders {

enum class Kind { containment, revocation };
std::string_view to_string(Kind kind);
std::optional<Kind> parse_kind(std::string_view text);

// Of a target. settlement.cpp says which state may follow which.
enum class State { resolved, intent, sent, accepted, confirmed, failed, unknown };
std::string_view to_string(State state);
std::optional<State> parse_state(std::string_view text);
constexpr bool is_open(State state) {
    return state == State::intent || state == State::sent || state == State::accepted;
}

// Of an account, beside its state.
enum class Outcome { revoked, user_not_found, failed };
std::string_view to_string(Outcome outcome);
std::optional<Outcome> parse_outcome(std::string_view text);

// One step of how a target was found (N15).
struct ResolvedBy {
    std::string connector;
    std::string lookup_type;
    std::string match;
};

// A device or account at one connector.
struct Target {
    std::int64_t position = 0;  // in its request; set when the order is placed
    std::string provider_id;
    std::optional<std::string> name;  // host name or login
    std::optional<std::string> serial_number;
    std::string start_state;  // what resolving saw
    State state = State::resolved;
    std::optional<bool> changed;  // of a confirmed target
    std::optional<Outcome> outcome;
    json::Value error;  // null, or the inner object of an error document
    std::vector<ResolvedBy> resolved_by;
    json::Object result_metadata;
    std::optional<std::string> continuation;  // what the plugin wants back at the next poll
    std::int64_t attempts = 0;                // acting calls that may have reached the provider
    WallTime intent_at{};
    std::optional<WallTime> sent_at;
    std::optional<RequestId> joined_to;  // mirrors that request's target `joined_position`
    std::int64_t joined_position = 0;
    std::optional<std::string> sealed_pin;  // opaque here
};

// One connector's part of an order: its targets, or why there are none.
struct Integration {
    ConnectorKey connector;
    json::Value error;
    std::vector<Target> targets;
};

// One request, with everything its document shows.
struct Order {
    RequestId id;
    TenantId tenant;
    Kind kind = Kind::containment;
    std::string principal;
    std::string principal_label;
    policy::Entry entry = policy::Entry::mcp;
    std::string action;       // of a revocation: "revoke_sessions"
    std::string lookup_type;  // of a revocation: "username"
    std::string value;
    std::optional<std::vector<std::string>> integration_targets;
    std::optional<std::string> reason;
    bool dry_run = false;
    std::optional<std::string> idempotency_key;
    std::string arguments_digest;  // set where there is a key
    TraceContext trace{};  // of the call that ordered it; not stored
    WallTime created_at{};
    WallTime settle_until{};
    std::vector<Integration> integrations;
    std::optional<json::Array> answered_integrations;  // of a dry run read back from the store: as it was answered
};

// The action of a revocation's targets.
inline constexpr std::string_view kRevokeSessions = "revoke_sessions";

}  // namespace quell::orders
