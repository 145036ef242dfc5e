// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notifications/outbox.hpp"

#include <algorithm>

#include "base/random.hpp"
#include "json/serialize.hpp"
#include "notifications/destinations.hpp"
#include "notifications/payload.hpp"
#include "notifications/shown_address.hpp"

namespace quell::notifications {
namespace {

constexpr std::int64_t kLongestList = 500;
constexpr std::string_view kStopped = "The receiver answered 410 Gone earlier; nothing is sent there until somebody retries.";

// What a receiver sees, and what orders a tenant's list: time-ordered.
std::string new_id() { return "msg_" + uuid_v7(); }

bool is_event(std::string_view event) {
    const auto events = config::notification_events();
    return std::find(events.begin(), events.end(), event) != events.end();
}

json::Value time_or_null(const std::optional<WallTime>& time) { return time ? json::Value(to_rfc3339(*time)) : json::Value(nullptr); }

json::Object shown(const store::NotificationRow& row) {
    return {{"id", row.id},
            {"event", row.event},
            {"subject", row.subject},
            {"channel", row.channel},
            {"destination", shown_address(row.destination)},
            {"state", row.state},
            {"attempts", row.attempts},
            {"created_at", to_rfc3339(row.created_at)},
            {"next_attempt_at", time_or_null(row.next_at)},
            {"finished_at", time_or_null(row.finished_at)},
            {"last_error", row.last_error ? json::Value(*row.last_error) : json::Value(nullptr)}};
}

json::Object channel_state(std::string_view name, const config::ChannelSettings& channel,
                           const std::vector<store::NotificationCount>& counts) {
    json::Object out{{"channel", name}, {"enabled", channel.enabled},
                     {"events", json::Array(channel.events.begin(), channel.events.end())},
                     {"pending", 0}, {"delivered", 0}, {"failed", 0}};
    for (const store::NotificationCount& count : counts) {
        if (count.channel == name) {
            out[count.state] = count.count;
        }
    }
    return out;
}

}  // namespace

Result<void> Outbox::add(store::Transaction& transaction, const Message& message) {
    if (!is_event(message.event)) {
        return internal_error("there is no event " + message.event);
    }
    const auto settings = settings_();
    const auto tenant = settings->tenants.find(message.tenant);
    if (tenant == settings->tenants.end()) {
        return {};
    }
    for (const Destination& destination : destinations_of(tenant->second.notifications, message.event)) {
        TRY_VOID(put(transaction, {.id = new_id(),
                                   .tenant = message.tenant,
                                   .event = message.event,
                                   .subject = message.subject,
                                   .channel = destination.channel,
                                   .destination = destination.address,
                                   .lane = lane_of(message.tenant.str(), destination),
                                   .payload = to_payload(message, now_())}));
    }
    return {};
}

Result<void> Outbox::add(store::Transaction& transaction, const Callback& callback) {
    return put(transaction, {.id = new_id(),
                             .tenant = callback.tenant,
                             .event = callback.event,
                             .subject = callback.subject,
                             .channel = "callback",
                             .destination = callback.url,
                             .lane = lane_of(callback.tenant.str(), {"callback", callback.url}),
                             .payload = callback.body});
}

Result<void> Outbox::put(store::Transaction& transaction, store::NotificationRow row) {
    const WallTime now = now_();
    row.created_at = now;
    TRY(const bool stopped, store::is_stopped(transaction, row.tenant, row.destination));
    if (stopped) {
        row.state = "failed";
        row.finished_at = now;
        row.last_error = kStopped;
    } else {
        row.next_at = now;
    }
    return store::insert_notification(transaction, row);
}

Result<json::Object> Outbox::list(const TenantId& tenant, std::string_view state, std::string_view before, std::int64_t limit) const {
    TRY(const auto rows, store_.read([&](store::Reader& reader) {
        return store::list_notifications(reader, tenant, state, before, std::clamp<std::int64_t>(limit, 1, kLongestList));
    }));
    json::Array notifications;
    for (const store::NotificationRow& row : rows) {
        notifications.push_back(shown(row));
    }
    return json::Object{{"notifications", std::move(notifications)}};
}

Result<json::Object> Outbox::state(const TenantId& tenant) const {
    TRY(const auto counts, store_.read([&](store::Reader& reader) { return store::count_notifications(reader, tenant); }));
    const auto settings = settings_();
    const auto found = settings->tenants.find(tenant);
    const config::NotificationSettings channels = found == settings->tenants.end() ? config::NotificationSettings() : found->second.notifications;
    const config::ChannelSettings callbacks{.enabled = true, .events = {}, .position = {}};
    return json::Object{{"channels", json::Array{channel_state("email", channels.email, counts), channel_state("slack", channels.slack, counts),
                                                 channel_state("webhook", channels.webhook, counts), channel_state("plugin", channels.plugin, counts),
                                                 channel_state("callback", callbacks, counts)}}};
}

Result<json::Object> Outbox::retry(const TenantId& tenant, const std::string& id, const std::string& actor) {
    return store_.write_and_wait<json::Object>([&](store::Transaction& transaction) -> Result<json::Object> {
        TRY(const bool found, store::retry_notification(transaction, tenant, id, now_()));
        if (!found) {
            return Error(Code::not_found, "notification_not_found", "There is no such notification that has failed.")
                .next_step("`quell notifications list --state failed` shows those that can be retried.");
        }
        audit::Record record{.tenant = tenant, .event = "notification_retried", .actor = actor, .request_id = {}, .outcome = "ok",
                             .detail = {{"notification", id}}};
        TRY_VOID(trail_.append(transaction, record));
        TRY(const auto row, store::find_notification(transaction, tenant, id));
        return shown(*row);
    });
}

}  // namespace quell::notifications
