// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/orders.hpp"

#include "base/log.hpp"
#include "crypto/digest.hpp"
#include "json/serialize.hpp"
#include "orders/audit_records.hpp"
#include "orders/status.hpp"

namespace quell::orders {
namespace {

constexpr std::int64_t kLongestList = 200;

Batch batch_of(const Order& order, const Integration& part) {
    return {.tenant = order.tenant,
            .request = order.id,
            .kind = order.kind,
            .action = order.action,
            .connector = part.connector,
            .principal = order.principal,
            .reason = order.reason.value_or(""),
            .trace = order.trace,
            .created_at = order.created_at,
            .settle_until = order.settle_until,
            .targets = {}};
}

bool is_ours(const Target& target) { return is_open(target.state) && !target.joined_to; }

// The part's own open targets in batches. What has not been sent never shares one with what has.
std::vector<Batch> batches_of(const Order& order, const Integration& part, std::size_t most) {
    std::vector<Batch> batches;
    for (const bool unsent : {true, false}) {
        Batch batch = batch_of(order, part);
        for (const Target& target : part.targets) {
            if (is_ours(target) && (target.state == State::intent) == unsent) {
                batch.targets.push_back(target);
            }
            if (batch.targets.size() == std::max<std::size_t>(most, 1)) {
                batches.push_back(std::exchange(batch, batch_of(order, part)));
            }
        }
        if (!batch.targets.empty()) {
            batches.push_back(std::move(batch));
        }
    }
    return batches;
}

}  // namespace

Orders::Orders(store::Store& store, audit::Trail& trail, TaskGroup::Executor executor, Timing timing)
    : timing_(std::move(timing)), trail_(trail), ledger_(store, trail, timing_), tasks_(std::move(executor)) {}

void Orders::serve(Kind kind, std::shared_ptr<Actor> actor) { actors_.set(kind, std::move(actor)); }

Result<void> Orders::start() {
    TRY(const auto pending, ledger_.pending());
    for (const Order& order : pending) {
        log::info("order_taken_up", {{"request_id", order.id.str()}, {"tenant", order.tenant.str()}});
        settle(order, settle_after_restart);
    }
    return {};
}

void Orders::stop() {
    waiters_.close();
    tasks_.stop();
}

void Orders::settle(const Order& order, Settle how) {
    const auto actor = actors_.of(order.kind);
    if (actor == nullptr) {
        return;
    }
    for (const Integration& part : order.integrations) {
        const std::size_t most = actor->max_batch(order.tenant, part.connector, order.action);
        for (Batch& batch : batches_of(order, part, most)) {
            settle(std::move(batch), how);
        }
    }
}

void Orders::settle(Batch batch, Settle how) {
    // False while stopping: the targets stay as they are and the next start takes them up.
    [[maybe_unused]] const bool begun = tasks_.spawn(how(
        {.ledger = ledger_, .waiters = waiters_, .tasks = tasks_, .timing = timing_, .actors = actors_},
        std::move(batch)));
}

Result<void> Orders::keep_dry_run(Order order, std::string integrations) {
    return ledger_.keep_dry_run(std::move(order), std::move(integrations));
}

base::Task<Order> Orders::place(Order order, Millis time, std::stop_token stop) {
    const TenantId tenant = order.tenant;
    const Kind kind = order.kind;
    CO_TRY(Ledger::Placed placed, co_await ledger_.place(std::move(order)));
    if (placed.is_new && status_of(placed.order) != Status::pending) {
        co_return std::move(placed.order);  // a dry run, or nothing was left to do: as it was written
    }
    if (placed.is_new) {
        settle(placed.order, settle_new);
    }
    co_return co_await wait(tenant, kind, placed.id, time, std::move(stop));
}

Result<std::optional<RequestId>> Orders::find_keyed(const Order& order) {
    if (!order.idempotency_key) {
        return std::optional<RequestId>();
    }
    TRY(const auto earlier, ledger_.find_keyed(order));
    return earlier ? std::optional(earlier->id) : std::nullopt;
}

base::Task<Order> Orders::wait(TenantId tenant, Kind kind, RequestId id, Millis time, std::stop_token stop) {
    {
        Waiters::Seat seat(waiters_, id, (co_await boost::asio::this_coro::executor));
        CO_TRY(const bool is_final, ledger_.is_final(tenant, id));
        if (!is_final) {
            CO_TRY_VOID(co_await seat.wait(std::min(time, timing_.longest_wait), std::move(stop)));
        }
    }
    co_return ledger_.find(tenant, kind, id);
}

Result<Order> Orders::find(const TenantId& tenant, Kind kind, const RequestId& id) {
    return ledger_.find(tenant, kind, id);
}

base::Task<Order> Orders::find_queued(TenantId tenant, Kind kind, RequestId id) {
    Result<Order> found = ledger_.find(tenant, kind, id);
    if (!found && found.error()->key == "request_not_found") {
        CO_TRY_VOID(co_await ledger_.store_queued());
        co_return ledger_.find(tenant, kind, id);
    }
    co_return found;
}

Result<std::vector<Order>> Orders::list(const TenantId& tenant, Kind kind, const RequestId& before,
                                        std::int64_t limit) {
    return ledger_.list(tenant, kind, before, std::clamp<std::int64_t>(limit, 1, kLongestList));
}

void Orders::note_refusal(const Order& order, const Error& error) {
    if (const auto noted = trail_.append_later(refusal_record(order, error)); !noted) {
        log::warn("refusal_not_audited", {{"key", error->key}, {"detail", noted.error()->detail}});
    }
}

std::string arguments_digest(const Order& order) {
    json::Object arguments;
    arguments.emplace("kind", to_string(order.kind));
    arguments.emplace("action", std::string_view(order.action));
    arguments.emplace("lookup_type", std::string_view(order.lookup_type));
    arguments.emplace("value", std::string_view(order.value));
    arguments.emplace("dry_run", order.dry_run);
    arguments.emplace("reason", order.reason ? json::Value(std::string_view(*order.reason)) : json::Value(nullptr));
    json::Value targets(nullptr);
    if (order.integration_targets) {
        json::Array& names = targets.emplace_array();
        for (const std::string& name : *order.integration_targets) {
            names.emplace_back(std::string_view(name));
        }
    }
    arguments.emplace("integration_targets", std::move(targets));
    return crypto::sha256_hex(json::canonical(json::Value(std::move(arguments))));
}

}  // namespace quell::orders
