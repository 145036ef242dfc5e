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
#include "store/statement.hpp"

// The rows of orders_schema.hpp and the statements over them. What a state means and which may follow which is
// decided in orders/; here a final target never changes again, whatever is asked.
namespace quell::store {

struct RequestRow {
    TenantId tenant;
    RequestId id;
    std::string kind;
    std::string principal;
    std::string principal_label;
    std::string entry;
    std::string action;
    std::string lookup_type;
    std::string value;
    std::optional<std::string> integration_targets;  // JSON array
    std::optional<std::string> reason;
    bool dry_run = false;
    std::optional<std::string> idempotency_key;
    std::optional<std::string> arguments_digest;
    WallTime created_at{};
    WallTime settle_until{};
    std::string status;
    std::int64_t failed_integrations = 0;
    std::string integrations;  // JSON array
    bool billed = false;       // its unit of usage is counted
};

struct TargetRow {
    TenantId tenant;
    RequestId request;
    std::int64_t position = 0;
    std::string connector;
    std::string provider_id;
    std::string verb;
    std::optional<std::string> name;
    std::optional<std::string> serial_number;
    std::optional<std::string> start_state;
    std::string state;
    std::optional<bool> changed;
    std::optional<std::string> outcome;
    std::optional<std::string> error;  // JSON object
    std::optional<std::string> continuation;
    std::int64_t attempts = 0;
    WallTime intent_at{};
    std::optional<WallTime> sent_at;
    std::optional<WallTime> final_at;
    std::optional<std::string> joined_to;
    std::optional<std::int64_t> joined_position;
    std::string resolved_by;      // JSON array
    std::string result_metadata;  // JSON object
    std::optional<std::string> sealed_pin;
};

struct KeyedRequest {
    RequestId id;
    std::string arguments_digest;
};

// Names a request over all tenants.
struct RequestName {
    TenantId tenant;
    RequestId id;
};

// already_exists if the idempotency key is taken.
Result<void> insert_request(Transaction& transaction, const RequestRow& row);
// already_exists if another order for the device and verb is open.
Result<void> insert_target(Transaction& transaction, const TargetRow& row);

Result<std::optional<KeyedRequest>> find_keyed_request(Reader& reader, const TenantId& tenant,
                                                       std::string_view principal, std::string_view key);
Result<std::optional<RequestRow>> find_request(Reader& reader, const TenantId& tenant, const RequestId& id);
Result<std::vector<TargetRow>> targets_of(Reader& reader, const TenantId& tenant, const RequestId& id);
// The target that acts now for this device and verb, if one is open.
Result<std::optional<TargetRow>> find_open_target(Reader& reader, const TenantId& tenant, std::string_view connector,
                                                  std::string_view provider_id, std::string_view verb);
// Newest first; `before` empty: from the newest.
Result<std::vector<RequestRow>> list_requests(Reader& reader, const TenantId& tenant, std::string_view kind,
                                              const RequestId& before, std::int64_t limit);
Result<std::optional<std::string>> status_of(Reader& reader, const RequestName& request);
Result<std::vector<RequestName>> pending_requests(Reader& reader);

// Writes what may change of a target that is not final, and of the targets joined to it; `joined` gets their
// requests. aborted if the target is final already.
Result<void> update_target(Transaction& transaction, const TargetRow& row, std::vector<RequestName>& joined);
// What the status of a request depends on.
struct Tally {
    std::string kind;
    std::int64_t failed_integrations = 0;
    std::vector<std::string> states;
};
Result<Tally> tally_of(Reader& reader, const RequestName& request);
Result<void> set_status(Transaction& transaction, const RequestName& request, std::string_view status);

// Counts one unit; `month` is "2026-11".
Result<void> count_unit(Transaction& transaction, const TenantId& tenant, std::string_view kind,
                        std::string_view month);
// The same for a request, once in its life.
Result<void> bill_once(Transaction& transaction, const RequestName& request, std::string_view kind,
                       std::string_view month);

struct UsageRow {
    std::string kind;
    std::string month;
    std::int64_t units = 0;
};
Result<std::vector<UsageRow>> usage_of(Reader& reader, const TenantId& tenant);

}  // namespace quell::store
