// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notifications/courier.hpp"

#include <boost/asio/post.hpp>

#include "base/log.hpp"
#include "notifications/shown_address.hpp"

namespace quell::notifications {
namespace {

constexpr std::size_t kThreads = 8;
constexpr unsigned kMostOfATenant = 4;      // at a time, so that no tenant has all threads
constexpr std::chrono::minutes kClaim{2};  // longer than any delivery

constexpr metrics::Family kAttempts{"quell_notification_attempts_total", "Attempts to deliver notices and callbacks, by how they ended."};

std::string_view name_of(Delivery::End end) {
    switch (end) {
        case Delivery::End::delivered: return "delivered";
        case Delivery::End::retry: return "retry";
        case Delivery::End::give_up: return "gave_up";
        case Delivery::End::gone: return "gone";
    }
    return "retry";
}

audit::Record record_of(const store::NotificationRow& row, std::string_view event, std::string_view outcome) {
    return {.tenant = row.tenant,
            .event = std::string(event),
            .actor = "host",
            .request_id = {},
            .outcome = std::string(outcome),
            .detail = {{"notification", row.id},
                       {"event", row.event},
                       {"subject", row.subject},
                       {"channel", row.channel},
                       {"destination", shown_address(row.destination)},
                       {"attempts", row.attempts}}};
}

}  // namespace

Courier::Courier(Dependencies dependencies, Senders senders)
    : in_(std::move(dependencies)), senders_(std::move(senders)) {}

Result<void> Courier::start() {
    // The store is this process's alone, so whoever had claims is gone.
    TRY_VOID(in_.store.write_and_wait<void>(store::clear_notification_claims));
    pool_.emplace(kThreads);
    thread_ = std::thread([this] { run(); });
    return {};
}

void Courier::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_.request_stop();
        changed_.notify_all();
    }
    if (thread_.joinable()) {
        thread_.join();
    }
    if (pool_) {
        pool_->join();
    }
}

void Courier::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_.stop_requested()) {
        freed_ = false;
        lock.unlock();
        // A store that cannot be read is logged by itself; the next look may find it healed.
        if (const auto due = in_.store.read([this](store::Reader& reader) { return store::due_notifications(reader, in_.now()); })) {
            hand_out(*due);
        }
        lock.lock();
        changed_.wait_for(lock, in_.look_every, [this] { return freed_ || stopping_.stop_requested(); });
    }
}

void Courier::hand_out(const std::vector<store::NotificationRow>& due) {
    for (const store::NotificationRow& row : due) {
        if (occupy(row)) {
            boost::asio::post(*pool_, [this, row] {
                deliver(row);
                release(row);
            });
        }
    }
}

bool Courier::occupy(const store::NotificationRow& row) {
    const std::lock_guard lock(mutex_);
    unsigned& running = running_[row.tenant];
    if (running >= kMostOfATenant || !busy_.insert(row.lane).second) {
        return false;
    }
    ++running;
    return true;
}

void Courier::release(const store::NotificationRow& row) {
    const std::lock_guard lock(mutex_);
    busy_.erase(row.lane);
    --running_[row.tenant];
    freed_ = true;
    changed_.notify_all();
}

void Courier::deliver(store::NotificationRow row) {
    const auto claimed = in_.store.write_and_wait<bool>([&](store::Transaction& transaction) {
        return store::claim_notification(transaction, row.id, in_.now(), in_.now() + kClaim);
    });
    if (!claimed || !*claimed) {
        return;  // somebody else has it, or the store has failed and said so
    }
    ++row.attempts;
    const Delivery delivery = attempt(row);
    count(row, delivery);
    const auto noted = in_.store.write_and_wait<void>([&](store::Transaction& transaction) { return note(transaction, row, delivery); });
    if (!noted) {
        log::warn("notification_not_noted", {{"notification", row.id}, {"detail", noted.error()->detail}});
    }
}

// Senders end in a Delivery; what they throw must not end the process.
Delivery Courier::attempt(const store::NotificationRow& row) {
    const auto sender = senders_.find(row.channel);
    if (sender == senders_.end()) {
        return {Delivery::End::give_up, "This host does not serve that channel."};
    }
    try {
        return sender->second->send(row, *in_.settings(), stopping_.get_token());
    } catch (const std::exception& failure) {
        log::error("notification_sender_threw", {{"notification", row.id}, {"what", failure.what()}});
        return {Delivery::End::retry, "The host failed inside; its log says why."};
    }
}

Result<void> Courier::note(store::Transaction& transaction, const store::NotificationRow& row, const Delivery& delivery) {
    if (delivery.end == Delivery::End::retry && stopping_.stop_requested()) {
        return store::unclaim_notification(transaction, row.id);
    }
    if (delivery.end == Delivery::End::retry) {
        if (const auto wait = in_.schedule.wait_after(row.attempts, delivery.wait)) {
            return store::postpone_notification(transaction, row.id, in_.now() + *wait, delivery.why);
        }
    }
    return note_end(transaction, row, delivery);
}

Result<void> Courier::note_end(store::Transaction& transaction, const store::NotificationRow& row, const Delivery& delivery) {
    if (delivery.end == Delivery::End::delivered) {
        TRY_VOID(store::finish_notification(transaction, row.id, "delivered", in_.now(), std::nullopt));
        return in_.trail.append(transaction, record_of(row, "notification_delivered", "ok"));
    }
    if (delivery.end == Delivery::End::gone) {
        TRY_VOID(store::stop_destination(transaction, row.tenant, row.destination, in_.now(), delivery.why));
    } else {
        TRY_VOID(store::finish_notification(transaction, row.id, "failed", in_.now(), delivery.why));
    }
    log::warn("notification_failed", {{"notification", row.id}, {"tenant", row.tenant.str()}, {"channel", row.channel}, {"why", delivery.why}});
    return in_.trail.append(transaction, record_of(row, "notification_failed", delivery.end == Delivery::End::gone ? "gone" : "gave_up"));
}

void Courier::count(const store::NotificationRow& row, const Delivery& delivery) {
    in_.metrics.counter(kAttempts, {{"tenant", row.tenant.str()}, {"channel", row.channel}, {"outcome", std::string(name_of(delivery.end))}}).add();
}

}  // namespace quell::notifications
