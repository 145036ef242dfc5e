// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "secrets/lease_ender.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "plugins/secret_backend.hpp"

namespace quell::secrets {
namespace {

constexpr std::int64_t kAtOnce = 50;
constexpr std::chrono::seconds kEndWithin{10};
constexpr std::chrono::seconds kFirstPause{2};
constexpr std::chrono::seconds kLongestPause{300};
constexpr std::chrono::seconds kLookAtLeast{60};

std::chrono::seconds pause_after(std::int64_t tries) {
    return std::min(kLongestPause, kFirstPause * (1 << std::min<std::int64_t>(tries, 8)));
}

audit::Record record_of(const store::SecretLeaseRow& lease, std::string outcome) {
    return {.tenant = lease.tenant,
            .event = "secret_lease_ended",
            .actor = lease.actor,
            .outcome = std::move(outcome),
            .detail = {{"connector", lease.connector.str()}, {"lease_id", lease.lease_id}}};
}

}  // namespace

void LeaseEnder::start() {
    thread_ = std::jthread([this](const std::stop_token& stopping) { run(stopping); });
}

void LeaseEnder::stop() {
    if (thread_.joinable()) {
        thread_.request_stop();
        thread_.join();
    }
}

Result<void> LeaseEnder::keep_and_wait(store::SecretLeaseRow lease) {
    auto kept = store_.write_and_wait<void>(
        [row = std::move(lease)](store::Transaction& transaction) { return store::insert_secret_lease(transaction, row); });
    look_soon();
    return kept;
}

base::Task<void> LeaseEnder::keep(store::SecretLeaseRow lease) {
    auto work = [row = std::move(lease)](store::Transaction& transaction) { return store::insert_secret_lease(transaction, row); };
    CO_TRY_VOID(co_await store_.write<void>(std::move(work)));
    look_soon();
    co_return Result<void>();
}

void LeaseEnder::look_soon() {
    const std::lock_guard lock(mutex_);
    look_ = true;
    wake_.notify_all();
}

void LeaseEnder::run(const std::stop_token& stopping) {
    while (!stopping.stop_requested()) {
        end_due(stopping);
        const auto next = store_.read([](store::Reader& reader) { return store::next_secret_lease(reader); });
        const WallTime now = wall_now();
        const auto left = next && *next ? std::max(Millis(0), std::chrono::ceil<Millis>(**next - now)) : Millis(kLookAtLeast);
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, stopping, std::min(left, Millis(kLookAtLeast)), [this] { return look_; });
        look_ = false;
    }
}

void LeaseEnder::end_due(const std::stop_token& stopping) {
    const auto due = store_.read([](store::Reader& reader) { return store::list_due_secret_leases(reader, wall_now(), kAtOnce); });
    if (!due) {
        log::error("secret_leases_not_read", {{"detail", due.error()->detail}});
        return;
    }
    for (const store::SecretLeaseRow& lease : *due) {
        if (stopping.stop_requested()) {
            return;
        }
        settle(lease, end_at_backend(lease, stopping));
    }
}

Result<void> LeaseEnder::end_at_backend(const store::SecretLeaseRow& lease, const std::stop_token& stopping) {
    const auto registry = registry_();
    const plugins::Connector* connector = registry->find(lease.tenant, lease.connector);
    if (connector == nullptr) {
        return Error(Code::unavailable, "connector_unavailable", "The connector that made the lease is not there.");
    }
    plugins::CallOptions options;
    options.deadline = std::chrono::steady_clock::now() + kEndWithin;
    options.cancel = stopping;
    options.before_acting_request = [] { return Result<void>(); };  // the row is the record
    return plugins::revoke_lease_and_wait(*connector, lease.lease_id, std::move(options));
}

// A lease that has ended by itself needs nobody any more.
void LeaseEnder::settle(const store::SecretLeaseRow& lease, const Result<void>& ended) {
    const bool by_itself = !ended && wall_now() >= lease.expires_at;
    if (!ended) {
        log::warn("secret_lease_not_ended", {{"tenant", lease.tenant.str()},
                                             {"connector", lease.connector.str()},
                                             {"tries", lease.tries + 1},
                                             {"reason", ended.error()->message}});
    }
    const auto settled = store_.write_and_wait<void>([&](store::Transaction& transaction) -> Result<void> {
        if (!ended && !by_itself) {
            return store::postpone_secret_lease(transaction, lease, wall_now() + pause_after(lease.tries));
        }
        TRY_VOID(trail_.append(transaction, record_of(lease, by_itself ? "expired" : "ok")));
        return store::delete_secret_lease(transaction, lease);
    });
    if (!settled) {
        log::error("secret_lease_not_settled", {{"detail", settled.error()->detail}});
    }
}

}  // namespace quell::secrets
