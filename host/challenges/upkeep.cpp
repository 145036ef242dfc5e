// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/upkeep.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "challenges/service.hpp"

namespace quell::challenges {
namespace {

constexpr std::chrono::seconds kEvery{1};
constexpr std::int64_t kPart = 100;
constexpr std::int64_t kMostCards = 20;
constexpr std::int64_t kMostAttempts = 8;  // over about an hour

// 10 s, 20 s, 40 s, ...
Millis pause_after(std::int64_t attempts) {
    return std::chrono::seconds(10) * (std::int64_t{1} << std::min<std::int64_t>(attempts, kMostAttempts));
}

Outcome no_answer() { return {.reason = Reason::no_answer, .by = "host"}; }

}  // namespace

Result<void> Upkeep::start() {
    TRY_VOID(store_.write_and_wait<std::int64_t>([](store::Transaction& transaction) { return store::give_up_deliveries(transaction); }));
    tasks_.spawn(run());
    return {};
}

base::Task<void> Upkeep::run() {
    while (!tasks_.stopping()) {
        if (const auto done = co_await round(); !done) {
            log::warn("challenge_upkeep_failed", {{"key", done.error()->key}, {"detail", done.error()->detail}});
        }
        CO_TRY_VOID(co_await tasks_.pause(kEvery));
    }
    co_return Result<void>();
}

base::Task<void> Upkeep::round() {
    bool is_more = true;
    while (is_more && !tasks_.stopping()) {
        CO_TRY(is_more, co_await end_overdue());
    }
    co_return co_await update_cards();
}

// True if there may be more.
base::Task<bool> Upkeep::end_overdue() {
    using Ended = std::vector<TenantId>;
    const WallTime now = now_();
    CO_TRY(const auto overdue,
           store_.read([&](store::Reader& reader) { return store::overdue_challenges(reader, now, 1); }));
    if (overdue.empty()) {
        co_return false;
    }
    auto work = [now, &endings = endings_](store::Transaction& transaction) -> Result<Ended> {
        TRY(const auto rows, store::overdue_challenges(transaction, now, kPart));
        Ended ended;
        for (const store::ChallengeRow& row : rows) {
            TRY(const bool is_first, endings.end(transaction, row, State::expired, no_answer(), now));
            if (is_first) {
                ended.push_back(row.tenant);
            }
        }
        return ended;
    };
    CO_TRY(const Ended ended, co_await store_.write<Ended>(std::move(work)));
    for (const TenantId& tenant : ended) {
        endings_.count_ended(tenant, State::expired);
    }
    co_return ended.size() == kPart;
}

base::Task<void> Upkeep::update_cards() {
    CO_TRY(auto due,
           store_.read([now = now_()](store::Reader& reader) { return store::cards_due(reader, now, kMostCards); }));
    for (store::ChallengeRow& row : due) {
        if (tasks_.stopping()) {
            break;
        }
        CO_TRY_VOID(co_await update_card(std::move(row)));
    }
    co_return Result<void>();
}

base::Task<void> Upkeep::update_card(store::ChallengeRow row) {
    const std::shared_ptr<Channels> channels = channels_();
    Result<void> shown;
    if (is_cancelled(row.outcome.value_or(""))) {
        shown = co_await channels->cancel(row.tenant, *row.channel, row.id, *row.message);
    } else {
        Closing closing{.id = row.id,
                        .message = *row.message,
                        .state = parse_state(row.state).value_or(State::expired),
                        .requester = requester_of(row)};
        shown = co_await channels->update(row.tenant, *row.channel, std::move(closing));
    }
    const bool is_over = shown || !shown.error()->retryable || row.card_attempts + 1 >= kMostAttempts;
    if (!shown) {
        log::warn("challenge_card_not_updated", {{"challenge_id", row.id.str()}, {"key", shown.error()->key}});
    }
    auto work = [id = row.id, next = is_over ? std::nullopt : std::optional(now_() + pause_after(row.card_attempts))](
                    store::Transaction& transaction) { return store::reschedule_card(transaction, id, next); };
    co_return co_await store_.write<void>(std::move(work));
}

}  // namespace quell::challenges
