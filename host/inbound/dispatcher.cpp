// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// kept -> claimed -> acted on -> finished; an error that may pass by itself: postponed, and claimed again.

#include "inbound/dispatcher.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace quell::inbound {
namespace {

constexpr std::chrono::seconds kEvery{5};
// Longer than all calls that acting makes: nobody else takes an event up meanwhile.
constexpr std::chrono::minutes kClaim{3};
constexpr std::chrono::hours kKept{24};
constexpr std::int64_t kPart = 50;
constexpr std::int64_t kMostAttempts = 9;

// 10 s, 20 s, 40 s, ...
Millis pause_after(std::int64_t attempts) {
    return std::chrono::seconds(10) * (std::int64_t{1} << std::min<std::int64_t>(attempts, kMostAttempts));
}

bool may_pass(const Error& error) {
    return error->retryable || error->code == Code::unavailable || error->code == Code::deadline_exceeded;
}

void note(std::string_view what, const store::InboundEventRow& row, const Error& error) {
    log::warn(what, {{"tenant", row.name.tenant.str()},
                     {"connector", row.name.connector.str()},
                     {"key", error->key},
                     {"reason", error->message},
                     {"detail", error->detail}});
}

}  // namespace

Result<void> Dispatcher::start() {
    TRY_VOID(store_.write_and_wait<void>(
        [now = now_()](store::Transaction& transaction) { return store::hasten_inbound_events(transaction, now); }));
    tasks_.spawn(run());
    return {};
}

base::Task<void> Dispatcher::run() {
    while (!tasks_.stopping()) {
        if (const auto done = co_await round(); !done) {
            log::warn("inbound_round_failed", {{"key", done.error()->key}, {"detail", done.error()->detail}});
        }
        CO_TRY_VOID(co_await tasks_.pause(kEvery));
    }
    co_return Result<void>();
}

base::Task<void> Dispatcher::keep(TenantId tenant, ConnectorKey connector,
                                  std::vector<plugins::InboundEventDocument> events) {
    using Rows = std::vector<store::InboundEventRow>;
    Rows rows;
    for (plugins::InboundEventDocument& event : events) {
        rows.push_back({.name = {tenant, connector, std::move(event.event_id)},
                        .document = std::move(event.text),
                        .received_at = now_()});
    }
    auto work = [rows = std::move(rows), now = now_()](store::Transaction& transaction) -> Result<Rows> {
        Rows added;
        for (const store::InboundEventRow& row : rows) {
            TRY(const bool is_new, store::insert_inbound_event(transaction, row, now));
            if (is_new) {
                added.push_back(row);
            }
        }
        return added;
    };
    CO_TRY(Rows added, co_await store_.write<Rows>(std::move(work)));
    for (store::InboundEventRow& row : added) {
        tasks_.spawn(handle(std::move(row)));  // if we are stopping, the next process takes it up
    }
    co_return Result<void>();
}

Result<std::int64_t> Dispatcher::forget(store::Transaction& transaction, std::int64_t limit) const {
    return store::delete_inbound_events(transaction, now_() - kKept, limit);
}

base::Task<void> Dispatcher::round() {
    CO_TRY(auto due, store_.read([&](store::Reader& reader) { return store::due_inbound_events(reader, now_(), kPart); }));
    for (store::InboundEventRow& row : due) {
        CO_TRY_VOID(co_await handle(std::move(row)));
    }
    co_return Result<void>();
}

base::Task<void> Dispatcher::handle(store::InboundEventRow row) {
    auto claim = [name = row.name, now = now_()](store::Transaction& transaction) {
        return store::claim_inbound_event(transaction, name, now, now + kClaim);
    };
    CO_TRY(const bool is_ours, co_await store_.write<bool>(std::move(claim)));
    if (!is_ours) {
        co_return Result<void>();
    }
    auto event = plugins::parse_inbound_event(row.document);
    if (!event) {
        Result<void> unreadable(event.error());
        co_return co_await settle(std::move(row), std::move(unreadable));
    }
    Result<void> acted = co_await act_(row.name, *std::move(event));
    co_return co_await settle(std::move(row), std::move(acted));
}

base::Task<void> Dispatcher::settle(store::InboundEventRow row, Result<void> acted) {
    const bool is_again = !acted && may_pass(acted.error()) && row.attempts + 1 < kMostAttempts;
    if (!acted) {
        note(is_again ? "inbound_event_postponed" : "inbound_event_refused", row, acted.error());
    }
    auto work = [name = row.name, is_again, due = now_() + pause_after(row.attempts)](store::Transaction& transaction) {
        return is_again ? store::postpone_inbound_event(transaction, name, due) : store::finish_inbound_event(transaction, name);
    };
    co_return co_await store_.write<void>(std::move(work));
}

}  // namespace quell::inbound
