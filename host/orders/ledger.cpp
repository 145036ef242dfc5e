// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/ledger.hpp"

#include <algorithm>

#include "orders/audit_records.hpp"
#include "orders/rows.hpp"
#include "orders/status.hpp"

namespace quell::orders {
namespace {

Error request_not_found() {
    return Error(Code::not_found, "request_not_found", "There is no such request.");
}

Error idempotency_conflict(const RequestId& earlier) {
    Error error(Code::already_exists, "idempotency_conflict",
                "This idempotency_key was used with other arguments, for request " + earlier.str() + ".");
    return std::move(error)
        .candidates({{{"request_id", earlier.str()}}})
        .next_step("Use a new idempotency_key for a new order, or look the earlier request up.");
}

Error conflicting_request(const store::TargetRow& open) {
    Error error(Code::failed_precondition, "conflicting_request",
                "Request " + open.request.str() + " (" + open.verb + ") is still open for " +
                    open.name.value_or(open.provider_id) + " at " + open.connector + ".");
    return std::move(error)
        .candidates({{{"request_id", open.request.str()}, {"action", open.verb}}})
        .next_step("Look that request up until it is final, then order again. Nothing was done.")
        .retryable();
}

std::optional<std::string_view> opposite(std::string_view verb) {
    if (verb == "network_contain") {
        return "release_containment";
    }
    if (verb == "release_containment") {
        return "network_contain";
    }
    return std::nullopt;
}

void number_targets(Order& order) {
    std::int64_t position = 0;
    for (Integration& part : order.integrations) {
        for (Target& target : part.targets) {
            target.position = position++;
        }
    }
}

// INTERFACES.md 1: the joined target mirrors the first and has the reference to its PIN.
Result<void> join(Target& target, const store::TargetRow& open) {
    TRY(const Target first, to_target(open));
    target.state = first.state;
    target.changed = first.changed;
    target.outcome = first.outcome;
    target.error = first.error;
    target.result_metadata = first.result_metadata;
    target.sent_at = first.sent_at;
    target.sealed_pin = first.sealed_pin;
    target.joined_to = open.request;
    target.joined_position = open.position;
    return {};
}

Result<void> meet_open_orders(store::Transaction& transaction, const Order& order, const ConnectorKey& connector,
                              Target& target) {
    if (const auto against = opposite(order.action)) {
        TRY(const auto open, store::find_open_target(transaction, order.tenant, connector.str(), target.provider_id,
                                                     *against));
        if (open) {
            return conflicting_request(*open);
        }
    }
    TRY(const auto open, store::find_open_target(transaction, order.tenant, connector.str(), target.provider_id,
                                                 order.action));
    return open ? join(target, *open) : Result<void>();
}

store::TargetRow row_of(const Batch& batch, const Target& target, WallTime now) {
    store::TargetRow row = to_row(batch.tenant, batch.request, batch.connector, batch.action, target);
    if (!is_open(target.state)) {
        row.final_at = now;
    }
    return row;
}

// The order's part at one connector, in the shape that audit records and rows are made from.
Batch as_batch(const Order& order, const Integration& part) {
    return {.tenant = order.tenant,
            .request = order.id,
            .kind = order.kind,
            .action = order.action,
            .connector = part.connector,
            .principal = order.principal,
            .reason = order.reason.value_or(""),
            .created_at = order.created_at,
            .settle_until = order.settle_until,
            .targets = part.targets};
}

bool is_unit(const Target& target) { return target.state == State::confirmed && !target.joined_to; }

std::string month_of(WallTime time) { return to_rfc3339(time).substr(0, 7); }

Result<void> bill(store::Transaction& transaction, const Batch& batch, WallTime now) {
    if (std::ranges::none_of(batch.targets, is_unit)) {
        return {};
    }
    return store::bill_once(transaction, {batch.tenant, batch.request}, to_string(batch.kind), month_of(now));
}

Result<void> insert_part(store::Transaction& transaction, audit::Trail& trail, const Batch& batch, WallTime now) {
    for (const Target& target : batch.targets) {
        TRY_VOID(store::insert_target(transaction, row_of(batch, target, now)));
        if (!is_open(target.state)) {
            TRY_VOID(trail.append(transaction, target_record(batch, target)));
        }
    }
    return {};
}

// An order that needs no action is billed as it is written.
Result<void> insert_request(store::Transaction& transaction, const Order& order, WallTime now) {
    store::RequestRow row = to_row(order);
    row.billed = std::ranges::any_of(order.integrations, [](const Integration& part) {
        return std::ranges::any_of(part.targets, is_unit);
    });
    TRY_VOID(store::insert_request(transaction, row));
    return row.billed ? store::count_unit(transaction, order.tenant, row.kind, month_of(now)) : Result<void>();
}

Result<void> insert(store::Transaction& transaction, audit::Trail& trail, Order& order, WallTime now) {
    number_targets(order);
    for (Integration& part : order.integrations) {
        for (Target& target : part.targets) {
            TRY_VOID(meet_open_orders(transaction, order, part.connector, target));
        }
    }
    TRY_VOID(insert_request(transaction, order, now));
    TRY_VOID(trail.append(transaction, order_record(order)));
    for (const Integration& part : order.integrations) {
        TRY_VOID(insert_part(transaction, trail, as_batch(order, part), now));
    }
    return {};
}

Result<Ledger::Placed> place_in(store::Transaction& transaction, audit::Trail& trail, const Order& wanted,
                                WallTime now) {
    if (wanted.idempotency_key) {
        TRY(const auto earlier,
            store::find_keyed_request(transaction, wanted.tenant, wanted.principal, *wanted.idempotency_key));
        if (earlier && earlier->arguments_digest != wanted.arguments_digest) {
            return idempotency_conflict(earlier->id);
        }
        if (earlier) {
            return Ledger::Placed{.id = earlier->id, .is_new = false, .order = {}};
        }
    }
    Order order = wanted;  // a write may be run twice
    if (order.dry_run) {
        TRY_VOID(store::insert_request(transaction, to_row(order)));
        TRY_VOID(trail.append(transaction, order_record(order)));
    } else {
        TRY_VOID(insert(transaction, trail, order, now));
    }
    RequestId id = order.id;
    return Ledger::Placed{.id = std::move(id), .is_new = true, .order = std::move(order)};
}

// The status after a change; adds the request to `final` when that made it final.
Result<void> follow_targets(store::Transaction& transaction, const store::RequestName& request,
                            std::vector<store::RequestName>& final) {
    TRY(const store::Tally tally, store::tally_of(transaction, request));
    StatusRule rule;
    for (const std::string& state : tally.states) {
        rule.add(parse_state(state).value_or(State::unknown));
    }
    for (std::int64_t i = 0; i < tally.failed_integrations; ++i) {
        rule.add(State::failed);
    }
    if (rule.status() != Status::pending) {
        final.push_back(request);
    }
    return store::set_status(transaction, request, to_string(rule.status()));
}

Result<std::vector<store::RequestName>> record_in(store::Transaction& transaction, audit::Trail& trail,
                                                  const Batch& batch, WallTime now) {
    std::vector<store::RequestName> touched = {{batch.tenant, batch.request}};
    for (const Target& target : batch.targets) {
        const std::size_t before = touched.size();
        TRY_VOID(store::update_target(transaction, row_of(batch, target, now), touched));
        TRY_VOID(trail.append(transaction, target_record(batch, target)));
        for (std::size_t i = before; i < touched.size(); ++i) {
            TRY_VOID(trail.append(transaction, joined_record(batch, target, touched[i].id)));
        }
    }
    TRY_VOID(bill(transaction, batch, now));
    std::vector<store::RequestName> final;
    for (const store::RequestName& request : touched) {
        TRY_VOID(follow_targets(transaction, request, final));
    }
    return final;
}

struct DryRun {
    Kind kind;
    std::string principal;
    store::DryRunRow row;
};

// Its record and its row are written together with the group's others.
Result<void> insert_dry_run(store::Transaction& transaction, audit::Trail& trail, store::DryRuns& dry_runs,
                            const DryRun& dry_run) {
    TRY_VOID(trail.append(transaction, audit::RecordText{.tenant = dry_run.row.tenant.str(),
                                                         .event = dry_run_event(dry_run.kind),
                                                         .actor = dry_run.principal,
                                                         .request_id = dry_run.row.id.str(),
                                                         .outcome = to_string(State::resolved),
                                                         .detail = dry_run.row.asked}));
    dry_runs.add(dry_run.row);
    return {};
}

Result<Order> load(store::Reader& reader, const store::RequestRow& row) {
    if (row.dry_run) {
        return to_order(row, {});
    }
    TRY(const auto targets, store::targets_of(reader, row.tenant, row.id));
    return to_order(row, targets);
}

Result<std::vector<Order>> list_placed(store::Reader& reader, const TenantId& tenant, Kind kind,
                                       const RequestId& before, std::int64_t limit) {
    TRY(const auto rows, store::list_requests(reader, tenant, to_string(kind), before, limit));
    std::vector<Order> orders;
    for (const store::RequestRow& row : rows) {
        TRY(Order order, load(reader, row));
        orders.push_back(std::move(order));
    }
    return orders;
}

}  // namespace

Ledger::Ledger(store::Store& store, audit::Trail& trail, const Timing& timing)
    : store_(store), trail_(trail), timing_(timing), dry_runs_(std::make_shared<store::DryRuns>()) {
    store_.add_participant(dry_runs_);
}

base::Task<Ledger::Placed> Ledger::place(Order order) {
    auto work = [&trail = trail_, now = timing_.now(), order = std::move(order)](store::Transaction& transaction) {
        return place_in(transaction, trail, order, now);
    };
    co_return co_await store_.write<Placed>(std::move(work));
}

Result<void> Ledger::keep_dry_run(Order order, std::string integrations) {
    std::string asked = order_detail_text(order);
    DryRun dry_run{.kind = order.kind,
                   .principal = std::move(order.principal),
                   .row = {.tenant = std::move(order.tenant),
                           .id = std::move(order.id),
                           .kind = std::string(to_string(order.kind)),
                           .created_at = order.created_at,
                           .asked = std::move(asked),
                           .integrations = std::move(integrations)}};
    return store_.write_later(
        [&trail = trail_, dry_runs = dry_runs_, dry_run = std::move(dry_run)](store::Transaction& transaction) {
            return insert_dry_run(transaction, trail, *dry_runs, dry_run);
        });
}

// The writer keeps the order in which it was asked, so an empty write ends after all that is queued.
base::Task<void> Ledger::store_queued() {
    auto work = [](store::Transaction&) -> Result<void> { return {}; };
    co_return co_await store_.write<void>(std::move(work));
}

Result<void> Ledger::mark_sent(const Batch& batch, WallTime at) {
    return store_.write_and_wait<void>([this, &batch, at](store::Transaction& transaction) -> Result<void> {
        Batch sent = batch;
        for (Target& target : sent.targets) {
            target.state = State::sent;
            target.sent_at = at;
            target.attempts += 1;
        }
        TRY([[maybe_unused]] const auto final, record_in(transaction, trail_, sent, at));
        return {};
    });
}

base::Task<std::vector<store::RequestName>> Ledger::record(Batch batch) {
    auto work = [&trail = trail_, now = timing_.now(), batch = std::move(batch)](store::Transaction& transaction) {
        return record_in(transaction, trail, batch, now);
    };
    co_return co_await store_.write<std::vector<store::RequestName>>(std::move(work));
}

Result<std::optional<store::KeyedRequest>> Ledger::find_keyed(const Order& order) {
    TRY(auto earlier, store_.read([&](store::Reader& reader) {
        return store::find_keyed_request(reader, order.tenant, order.principal, *order.idempotency_key);
    }));
    if (earlier && earlier->arguments_digest != order.arguments_digest) {
        return idempotency_conflict(earlier->id);
    }
    return earlier;
}

Result<Order> Ledger::find(const TenantId& tenant, Kind kind, const RequestId& id) {
    return store_.read_snapshot([&](store::Reader& reader) -> Result<Order> {
        TRY(const auto row, store::find_request(reader, tenant, id));
        if (row && row->kind == to_string(kind)) {
            return load(reader, *row);
        }
        TRY(const auto dry_run, store::find_dry_run(reader, tenant, id));
        if (dry_run && dry_run->kind == to_string(kind)) {
            return to_order(*dry_run);
        }
        return request_not_found();
    });
}

Result<std::vector<Order>> Ledger::list(const TenantId& tenant, Kind kind, const RequestId& before,
                                        std::int64_t limit) {
    return store_.read_snapshot([&](store::Reader& reader) -> Result<std::vector<Order>> {
        TRY(auto orders, list_placed(reader, tenant, kind, before, limit));
        TRY(const auto rows, store::list_dry_runs(reader, tenant, to_string(kind), before, limit));
        for (const store::DryRunRow& row : rows) {
            TRY(Order order, to_order(row));
            orders.push_back(std::move(order));
        }
        std::ranges::sort(orders, std::greater(), &Order::id);
        orders.resize(std::min(orders.size(), static_cast<std::size_t>(limit)));
        return orders;
    });
}

// What has no row among the orders is a dry run, or unknown: nobody need wait for it.
Result<bool> Ledger::is_final(const TenantId& tenant, const RequestId& id) {
    TRY(const auto status,
        store_.read([&](store::Reader& reader) { return store::status_of(reader, {tenant, id}); }));
    return status != to_string(Status::pending);
}

Result<std::vector<Order>> Ledger::pending() {
    return store_.read([](store::Reader& reader) -> Result<std::vector<Order>> {
        TRY(const auto names, store::pending_requests(reader));
        std::vector<Order> orders;
        for (const store::RequestName& name : names) {
            TRY(const auto row, store::find_request(reader, name.tenant, name.id));
            if (row) {
                TRY(Order order, load(reader, *row));
                orders.push_back(std::move(order));
            }
        }
        return orders;
    });
}

}  // namespace quell::orders
