// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "secrets/access_log.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/duration.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"

namespace quell::secrets {
namespace {

constexpr metrics::Family kAccesses{"quell_secret_accesses_total", "Attempts to use guarded secrets, by how they ended."};
constexpr metrics::Family kApprovals{"quell_approvals_total", "Requests for approval, and what became of them."};
constexpr metrics::Family kAlerts{"quell_secret_alerts_total", "Alerts about unusual access that went off."};

constexpr std::string_view kAccessed = "resource_accessed";
constexpr std::size_t kLongestUserAgent = 200;
constexpr std::int64_t kPart = 1'000;        // rows that one statement reads
constexpr std::int64_t kMostRows = 500'000;  // that one question looks at

std::string new_id() {
    std::string id = uuid_v7();
    std::erase(id, '-');
    return "log_" + id;
}

std::string make_cursor(const store::AccessRow& last) { return to_base64(std::to_string(unix_millis(last.at)) + ":" + last.id); }

Result<void> read_cursor(std::string_view cursor, store::AccessQuery& query) {
    if (cursor.empty()) {
        return {};
    }
    const auto text = from_base64(cursor);
    const std::size_t colon = text ? text->find(':') : std::string::npos;
    std::int64_t millis = 0;
    if (colon == std::string::npos || !is_utf8(*text) ||
        std::from_chars(text->data(), text->data() + colon, millis).ptr != text->data() + colon) {
        return invalid_arguments("This cursor is not known.");
    }
    query.before = from_unix_millis(millis);
    query.before_id = text->substr(colon + 1);
    return {};
}

// What rows have to be about; none: anything.
class About {
  public:
    static Result<About> make(std::string_view text) {
        About about;
        if (!text.empty()) {
            TRY(about.pattern_, ResourcePattern::parse(full_resource_text(text)));
        }
        return about;
    }
    bool matches(std::string_view resource) const {
        const auto uri = pattern_ ? ResourceUri::parse(resource) : invalid_arguments("");
        return !pattern_ || (uri && pattern_->matches(*uri));
    }

  private:
    std::optional<ResourcePattern> pattern_;
};

// Walks back from the newest row, part by part; `visit` says false when it has enough.
template <class Visit>
Result<void> walk(store::Reader& reader, const TenantId& tenant, store::AccessQuery query, Visit&& visit) {
    for (std::int64_t seen = 0; seen < kMostRows; seen += kPart) {
        TRY(const auto rows, store::list_accesses(reader, tenant, query, kPart));
        for (const store::AccessRow& row : rows) {
            if (!visit(row)) {
                return {};
            }
        }
        if (static_cast<std::int64_t>(rows.size()) < kPart) {
            return {};
        }
        query.before = rows.back().at;
        query.before_id = rows.back().id;
    }
    return Error(Code::resource_exhausted, "rate_limited", "There are too many records for one answer.")
        .next_step("Ask for a shorter time.");
}

Result<const std::string store::AccessRow::*> member_named(std::string_view name) {
    if (name == "resource") {
        return &store::AccessRow::resource;
    }
    if (name == "actor") {
        return &store::AccessRow::label;
    }
    if (name == "operation") {
        return &store::AccessRow::operation;
    }
    if (name == "action") {
        return &store::AccessRow::action;
    }
    return invalid_arguments("`groupBy` is one of four words.").allowed({"resource", "actor", "operation", "action"});
}

WallTime window_of(WallTime now, std::chrono::seconds period) {
    return WallTime(now.time_since_epoch() / period * period);
}

}  // namespace

json::Object to_document(const store::AccessRow& row) {
    return {{"id", row.id},
            {"timestamp", to_rfc3339(row.at)},
            {"action", "mcp." + row.action},
            {"resource", row.resource},
            {"operation", row.operation},
            {"actor", row.label},
            {"actorId", row.actor},
            {"approvalId", row.approval_id.empty() ? json::Value(nullptr) : json::Value(row.approval_id)},
            {"success", row.success},
            {"outcome", row.outcome},
            {"metadata", json::Object{{"ipAddress", row.peer}, {"userAgent", row.user_agent}}}};
}

Result<void> AccessLog::add(store::Transaction& transaction, const Access& access, const Entry& entry) {
    std::string agent = access.user_agent.substr(0, kLongestUserAgent);
    const store::AccessRow row{.id = new_id(),
                               .at = now_(),
                               .action = std::string(entry.action),
                               .resource = entry.resource,
                               .operation = entry.operation,
                               .actor = access.caller.id,
                               .label = access.caller.label,
                               .approval_id = entry.approval_id,
                               .success = entry.outcome == "ok",
                               .outcome = entry.outcome,
                               .peer = access.peer,
                               .user_agent = is_utf8(agent) ? std::move(agent) : std::string("not UTF-8")};
    TRY_VOID(store::insert_access(transaction, access.caller.tenant, row));
    count(access.caller.tenant, entry.operation, row.success ? "ok" : row.outcome == "approval_required" ? "pending" : "refused");
    return {};
}

void AccessLog::count(const TenantId& tenant, std::string_view what, std::string_view outcome) {
    metrics_.counter(kAccesses, {{"tenant", tenant.str()}, {"operation", std::string(what)}, {"outcome", std::string(outcome)}}).add();
}

Result<void> AccessLog::note(store::Transaction& transaction, approvals::Event event, const approvals::Approval& approval) {
    const std::string name(to_string(event));
    metrics_.counter(kApprovals, {{"tenant", approval.tenant.str()}, {"event", name}}).add();
    if (approval.kind != "secret") {
        return {};
    }
    const bool is_decision = event == approvals::Event::granted || event == approvals::Event::denied;
    const store::AccessRow row{.id = new_id(),
                               .at = now_(),
                               .action = name,
                               .resource = approval.resource,
                               // Not read or write: nobody got anything by it.
                               .operation = name.substr(std::string_view("approval_").size()),
                               .actor = is_decision ? approval.decided_by.value_or("") : approval.requester,
                               .label = is_decision ? approval.decided_label.value_or("") : approval.requester_label,
                               .approval_id = approval.id,
                               .success = true,
                               .outcome = approval.status,
                               .peer = {},
                               .user_agent = {}};
    return store::insert_access(transaction, approval.tenant, row);
}

Result<void> AccessLog::check_alerts(store::Transaction& transaction, const TenantId& tenant, const ResourceUri& uri,
                                     const std::vector<config::SecretAlert>& alerts) {
    const WallTime now = now_();
    for (const config::SecretAlert& alert : alerts) {
        if (alert.resource && !alert.resource->matches(uri)) {
            continue;
        }
        TRY(const std::int64_t count, store::count_for_alert(transaction, tenant, alert.name, window_of(now, alert.period)));
        if (count == alert.threshold + 1) {
            TRY_VOID(ring(transaction, tenant, alert));
        }
    }
    return {};
}

Result<void> AccessLog::ring(store::Transaction& transaction, const TenantId& tenant, const config::SecretAlert& alert) {
    const Alarm alarm{.tenant = tenant,
                      .name = alert.name,
                      .resource = alert.resource ? alert.resource->text() : std::string(),
                      .period = alert.period,
                      .threshold = alert.threshold};
    metrics_.counter(kAlerts, {{"tenant", tenant.str()}}).add();
    const audit::Record record{.tenant = tenant,
                               .event = "secret_alert",
                               .actor = "host",
                               .request_id = {},
                               .outcome = "ok",
                               .detail = {{"name", alarm.name},
                                          {"resource", alarm.resource},
                                          {"threshold", alarm.threshold},
                                          {"period_seconds", alarm.period.count()}}};
    TRY_VOID(trail_.append(transaction, record));
    return ring_ ? ring_(transaction, alarm) : Result<void>();
}

Result<WallTime> AccessLog::since_of(const LogQuery& query) const {
    if (query.since.empty()) {
        return WallTime();
    }
    if (const auto time = parse_rfc3339(query.since)) {
        return *time;
    }
    const auto back = parse_duration(query.since);
    if (!back) {
        return invalid_arguments("`since` is a length of time such as 24h or 7d, or a time such as 2026-11-21T03:04:05Z.");
    }
    return WallTime(now_() - *back);
}

Result<LogPage> AccessLog::list(const TenantId& tenant, const LogQuery& query) const {
    store::AccessQuery wanted;
    TRY(wanted.since, since_of(query));
    wanted.actor = query.actor;
    wanted.operation = query.operation;
    TRY_VOID(read_cursor(query.cursor, wanted));
    TRY(const About about, About::make(query.resource));
    const auto limit = static_cast<std::size_t>(std::clamp<std::int64_t>(query.limit, 1, 1'000));
    return store_.read([&](store::Reader& reader) -> Result<LogPage> {
        LogPage page;
        TRY_VOID(walk(reader, tenant, wanted, [&](const store::AccessRow& row) {
            if (about.matches(row.resource)) {
                page.rows.push_back(row);
            }
            return page.rows.size() <= limit;
        }));
        if (page.rows.size() > limit) {
            page.rows.pop_back();
            page.cursor = make_cursor(page.rows.back());
        }
        return page;
    });
}

Result<std::vector<Group>> AccessLog::group(const TenantId& tenant, const LogQuery& query, std::string_view by) const {
    TRY(const auto member, member_named(by));
    store::AccessQuery wanted;
    TRY(wanted.since, since_of(query));
    wanted.actor = query.actor;
    wanted.operation = query.operation;
    TRY(const About about, About::make(query.resource));
    return store_.read([&](store::Reader& reader) -> Result<std::vector<Group>> {
        std::map<std::string, std::int64_t> counts;
        TRY_VOID(walk(reader, tenant, wanted, [&](const store::AccessRow& row) {
            counts[row.*member] += about.matches(row.resource) ? 1 : 0;
            return true;
        }));
        std::vector<Group> groups;
        for (const auto& [value, number] : counts) {
            if (number > 0) {
                groups.push_back({value, number});
            }
        }
        std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) { return a.count > b.count; });
        return groups;
    });
}

Result<std::int64_t> AccessLog::metric(const TenantId& tenant, std::string_view name, std::chrono::seconds period,
                                       const std::string& resource) const {
    if (name != "access_count") {
        return invalid_arguments("There is no such metric.").allowed({"access_count"});
    }
    TRY(const About about, About::make(resource));
    store::AccessQuery wanted;
    wanted.since = now_() - period;
    return store_.read([&](store::Reader& reader) -> Result<std::int64_t> {
        std::int64_t count = 0;
        TRY_VOID(walk(reader, tenant, wanted, [&](const store::AccessRow& row) {
            count += row.action == kAccessed && about.matches(row.resource) ? 1 : 0;
            return true;
        }));
        return count;
    });
}

}  // namespace quell::secrets
