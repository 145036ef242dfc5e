// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "approvals/service.hpp"
#include "identity/lifetimes.hpp"
#include "metrics/registry.hpp"
#include "secrets/access.hpp"
#include "store/access_log.hpp"
#include "store/store.hpp"

namespace quell::secrets {

// One row, without who and when.
struct Entry {
    std::string_view action;
    std::string resource;
    std::string operation;
    std::string approval_id;
    std::string outcome;  // "ok", or an error key
};

// Which rows somebody wants to see; empty members match all.
struct LogQuery {
    std::string since{};     // "24h", or a time of RFC 3339
    std::string resource{};  // a pattern; "production/*" is one of secrets
    std::string actor{};
    std::string operation{};
    std::string cursor{};
    std::int64_t limit = 50;
};
struct LogPage {
    std::vector<store::AccessRow> rows;  // newest first
    std::string cursor;                  // empty: there is no more
};
struct Group {
    std::string value;
    std::int64_t count = 0;
};

// An alert that went off, for who tells people.
struct Alarm {
    TenantId tenant;
    std::string name;
    std::string resource;
    std::chrono::seconds period{};
    std::int64_t threshold = 0;
};

// Who did what with guarded resources: written in the transaction of each access, read with filters, grouped, counted (L24,
// L25, L29, A09). It holds no value. Alerts go off in the access that crosses the threshold, once a window (L30). Any thread.
class AccessLog {
  public:
    using Ring = std::function<Result<void>(store::Transaction& transaction, const Alarm& alarm)>;

    AccessLog(store::Store& store, audit::Trail& trail, metrics::Registry& metrics, identity::Now now = wall_now)
        : store_(store), trail_(trail), metrics_(metrics), now_(std::move(now)) {}
    // Before the first access.
    void on_alarm(Ring ring) { ring_ = std::move(ring); }

    Result<void> add(store::Transaction& transaction, const Access& access, const Entry& entry);
    // A listener of approvals.
    Result<void> note(store::Transaction& transaction, approvals::Event event, const approvals::Approval& approval);
    // For a successful access: whether it is the one too many for an alert of the tenant.
    Result<void> check_alerts(store::Transaction& transaction, const TenantId& tenant, const ResourceUri& uri,
                              const std::vector<config::SecretAlert>& alerts);

    Result<LogPage> list(const TenantId& tenant, const LogQuery& query) const;
    // By resource, actor, operation or action; the most frequent first.
    Result<std::vector<Group>> group(const TenantId& tenant, const LogQuery& query, std::string_view by) const;
    // access_count: successful reads and writes within the period before now.
    Result<std::int64_t> metric(const TenantId& tenant, std::string_view name, std::chrono::seconds period,
                                const std::string& resource) const;

  private:
    Result<void> ring(store::Transaction& transaction, const TenantId& tenant, const config::SecretAlert& alert);
    Result<WallTime> since_of(const LogQuery& query) const;
    void count(const TenantId& tenant, std::string_view what, std::string_view outcome);

    store::Store& store_;
    audit::Trail& trail_;
    metrics::Registry& metrics_;
    identity::Now now_;
    Ring ring_;
};

// A09, with what happened (L43+): id, timestamp, action, resource, operation, actor, approvalId, success, outcome,
// metadata{ipAddress, userAgent}.
json::Object to_document(const store::AccessRow& row);

}  // namespace quell::secrets
