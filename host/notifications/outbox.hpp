// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "audit/trail.hpp"
#include "base/clock.hpp"
#include "config/settings.hpp"
#include "notifications/message.hpp"
#include "store/notifications.hpp"
#include "store/store.hpp"

namespace quell::notifications {

// The settings of this moment.
using PresentSettings = std::function<std::shared_ptr<const config::Settings>()>;

// What is to be told, durable with what it tells of: a message is written in the transaction of its event, one row for each
// destination that the tenant's settings name for it, and Courier delivers it from there. A tenant without channels costs
// nothing. Owned by app, for all tenants and deployments; any thread.
class Outbox {
  public:
    Outbox(store::Store& store, audit::Trail& trail, PresentSettings settings, std::function<WallTime()> now = wall_now)
        : store_(store), trail_(trail), settings_(std::move(settings)), now_(std::move(now)) {}

    // internal_error for an event that nobody could ask for.
    Result<void> add(store::Transaction& transaction, const Message& message);
    Result<void> add(store::Transaction& transaction, const Callback& callback);

    // {"notifications": [...]}, newest first; `state` pending, delivered, failed or empty.
    Result<json::Object> list(const TenantId& tenant, std::string_view state, std::string_view before, std::int64_t limit) const;
    // {"channels": [{"channel", "enabled", "events", "pending", "delivered", "failed"}]}
    Result<json::Object> state(const TenantId& tenant) const;
    // Sends one that failed once more, and its destination gets messages again (SS-05); audited. notification_not_found.
    Result<json::Object> retry(const TenantId& tenant, const std::string& id, const std::string& actor);

  private:
    Result<void> put(store::Transaction& transaction, store::NotificationRow row);

    store::Store& store_;
    audit::Trail& trail_;
    const PresentSettings settings_;
    const std::function<WallTime()> now_;
};

}  // namespace quell::notifications
