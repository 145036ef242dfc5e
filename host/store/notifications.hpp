// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "store/statement.hpp"

namespace quell::store {

// One message for one destination.
struct NotificationRow {
    std::string id;
    TenantId tenant;
    std::string event;
    std::string subject;  // the id of what it is about
    std::string channel;  // "email", "slack", "webhook", "plugin", "callback"
    std::string destination;
    std::string lane;
    std::string payload;  // JSON text
    std::string state = "pending";
    std::int64_t attempts = 0;
    WallTime created_at{};
    std::optional<WallTime> next_at{};
    std::optional<WallTime> finished_at{};
    std::optional<std::string> last_error{};
};

Result<void> insert_notification(Transaction& transaction, const NotificationRow& row);

// The earliest of each lane that is due and not claimed.
Result<std::vector<NotificationRow>> due_notifications(Reader& reader, WallTime now);
// Counts an attempt; false if somebody else has it, or it is finished.
Result<bool> claim_notification(Transaction& transaction, std::string_view id, WallTime now, WallTime until);
// Gives a claim back without the attempt.
Result<void> unclaim_notification(Transaction& transaction, std::string_view id);
// For the process that holds the store alone: whoever had claims is gone.
Result<void> clear_notification_claims(Transaction& transaction);

Result<void> finish_notification(Transaction& transaction, std::string_view id, std::string_view state, WallTime now,
                                 const std::optional<std::string>& error);
Result<void> postpone_notification(Transaction& transaction, std::string_view id, WallTime next, std::string_view error);

// Sends a finished one again from now on, and takes its destination's stop away; false if there is no such failed one.
Result<bool> retry_notification(Transaction& transaction, const TenantId& tenant, std::string_view id, WallTime now);

// Nothing more goes there; what waits for it fails with `error`.
Result<void> stop_destination(Transaction& transaction, const TenantId& tenant, std::string_view destination, WallTime now,
                              std::string_view error);
Result<bool> is_stopped(Reader& reader, const TenantId& tenant, std::string_view destination);

// Newest first, those before `before` unless it is empty; `state` empty: all.
Result<std::vector<NotificationRow>> list_notifications(Reader& reader, const TenantId& tenant, std::string_view state,
                                                        std::string_view before, std::int64_t limit);
Result<std::optional<NotificationRow>> find_notification(Reader& reader, const TenantId& tenant, std::string_view id);

struct NotificationCount {
    std::string channel;
    std::string state;
    std::int64_t count = 0;
};
Result<std::vector<NotificationCount>> count_notifications(Reader& reader, const TenantId& tenant);

// Finished before that moment; at most `most`, and how many they were.
Result<std::int64_t> delete_finished_notifications(Transaction& transaction, WallTime before, std::int64_t most);

}  // namespace quell::store
