// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/rows.hpp"

#include "json/parse.hpp"
#include "json/read.hpp"
#include "json/serialize.hpp"
#include "orders/document.hpp"
#include "orders/status.hpp"

namespace quell::orders {
namespace {

Error unreadable(std::string_view column) {
    Error error(Code::data_loss, "internal_error", "A stored request cannot be read; the log says why.");
    return std::move(error).detail("orders: column " + std::string(column));
}

json::Array names_array(const std::vector<std::string>& names) {
    json::Array array;
    array.reserve(names.size());
    for (const auto& name : names) {
        array.emplace_back(std::string_view(name));
    }
    return array;
}

// What is stored of an order's integrations: their keys and errors, in order.
json::Array bare_integrations(const Order& order) {
    json::Array array;
    array.reserve(order.integrations.size());
    for (const Integration& part : order.integrations) {
        json::Object object;
        object.emplace("integration", std::string_view(part.connector.str()));
        object.emplace("error", part.error);
        array.emplace_back(std::move(object));
    }
    return array;
}

// Complete for a dry run; without devices and accounts, which have rows of their own, for an order.
std::string stored_integrations(const Order& order) {
    return order.dry_run ? integrations_text(order) : json::serialize(json::Value(bare_integrations(order)));
}

std::int64_t failed_integrations(const Order& order) {
    return std::ranges::count_if(order.integrations, [](const Integration& part) {
        return part.targets.empty() && !part.error.is_null();
    });
}

Result<json::Array> parse_array(std::string_view text, std::string_view column) {
    auto value = json::parse(text);
    if (!value || !value->is_array()) {
        return unreadable(column);
    }
    return std::move(value->get_array());
}

Result<json::Object> parse_object(std::string_view text, std::string_view column) {
    auto value = json::parse(text);
    if (!value || !value->is_object()) {
        return unreadable(column);
    }
    return std::move(value->get_object());
}

Result<std::vector<ResolvedBy>> parse_resolved_by(std::string_view text) {
    TRY(const json::Array array, parse_array(text, "resolved_by"));
    std::vector<ResolvedBy> steps;
    for (const json::Value& step : array) {
        TRY(const json::Object* const object, json::as_object(step, "a step"));
        TRY(const auto connector, json::string_member(*object, "connector"));
        TRY(const auto lookup_type, json::string_member(*object, "lookup_type"));
        TRY(const auto match, json::string_member(*object, "match"));
        steps.push_back({std::string(connector), std::string(lookup_type), std::string(match)});
    }
    return steps;
}

Result<std::optional<std::vector<std::string>>> parse_names(const std::optional<std::string>& text) {
    if (!text) {
        return std::optional<std::vector<std::string>>();
    }
    TRY(const json::Array array, parse_array(*text, "integration_targets"));
    std::vector<std::string> names;
    for (const json::Value& name : array) {
        names.emplace_back(json::text(name));
    }
    return std::optional(std::move(names));
}

Result<std::vector<Integration>> parse_integrations(const json::Array& array) {
    std::vector<Integration> parts;
    for (const json::Value& value : array) {
        TRY(const json::Object* const object, json::as_object(value, "an integration"));
        TRY(const auto key, json::string_member(*object, "integration"));
        const json::Value* error = json::find(*object, "error");
        parts.push_back({ConnectorKey(std::string(key)), error == nullptr ? json::Value() : *error, {}});
    }
    return parts;
}

Result<void> add_targets(Order& order, const std::vector<store::TargetRow>& rows) {
    for (const store::TargetRow& row : rows) {
        TRY(Target target, to_target(row));
        const auto part = std::ranges::find(order.integrations, ConnectorKey(row.connector), &Integration::connector);
        if (part == order.integrations.end()) {
            return unreadable("connector");
        }
        part->targets.push_back(std::move(target));
    }
    return {};
}

}  // namespace

store::RequestRow to_row(const Order& order) {
    store::RequestRow row{.tenant = order.tenant,
                          .id = order.id,
                          .kind = std::string(to_string(order.kind)),
                          .principal = order.principal,
                          .principal_label = order.principal_label,
                          .entry = std::string(policy::to_string(order.entry)),
                          .action = order.action,
                          .lookup_type = order.lookup_type,
                          .value = order.value,
                          .integration_targets = {},
                          .reason = order.reason,
                          .dry_run = order.dry_run,
                          .idempotency_key = order.idempotency_key,
                          .arguments_digest = {},
                          .created_at = order.created_at,
                          .settle_until = order.settle_until,
                          .status = std::string(to_string(status_of(order))),
                          .failed_integrations = failed_integrations(order),
                          .integrations = stored_integrations(order)};
    if (order.integration_targets) {
        row.integration_targets = json::serialize(json::Value(names_array(*order.integration_targets)));
    }
    if (row.idempotency_key) {
        row.arguments_digest = order.arguments_digest;
    }
    return row;
}

store::TargetRow to_row(const TenantId& tenant, const RequestId& request, const ConnectorKey& connector,
                        std::string_view action, const Target& target) {
    store::TargetRow row{.tenant = tenant,
                         .request = request,
                         .position = target.position,
                         .connector = connector.str(),
                         .provider_id = target.provider_id,
                         .verb = std::string(action),
                         .name = target.name,
                         .serial_number = target.serial_number,
                         .start_state = target.start_state,
                         .state = std::string(to_string(target.state)),
                         .changed = target.changed,
                         .outcome = {},
                         .error = {},
                         .continuation = target.continuation,
                         .attempts = target.attempts,
                         .intent_at = target.intent_at,
                         .sent_at = target.sent_at,
                         .final_at = {},
                         .joined_to = {},
                         .joined_position = {},
                         .resolved_by = resolved_by_text(target),
                         .result_metadata = json::serialize(target.result_metadata),
                         .sealed_pin = target.sealed_pin};
    if (target.outcome) {
        row.outcome = std::string(to_string(*target.outcome));
    }
    if (!target.error.is_null()) {
        row.error = json::serialize(target.error);
    }
    if (target.joined_to) {
        row.joined_to = target.joined_to->str();
        row.joined_position = target.joined_position;
    }
    return row;
}

Result<Target> to_target(const store::TargetRow& row) {
    const auto state = parse_state(row.state);
    if (!state) {
        return unreadable("state");
    }
    TRY(auto resolved_by, parse_resolved_by(row.resolved_by));
    TRY(json::Object metadata, parse_object(row.result_metadata, "result_metadata"));
    Target target{.position = row.position,
                  .provider_id = row.provider_id,
                  .name = row.name,
                  .serial_number = row.serial_number,
                  .start_state = row.start_state.value_or(""),
                  .state = *state,
                  .changed = row.changed,
                  .outcome = row.outcome ? parse_outcome(*row.outcome) : std::nullopt,
                  .error = {},
                  .resolved_by = std::move(resolved_by),
                  .result_metadata = std::move(metadata),
                  .continuation = row.continuation,
                  .attempts = row.attempts,
                  .intent_at = row.intent_at,
                  .sent_at = row.sent_at,
                  .joined_to = {},
                  .joined_position = row.joined_position.value_or(0),
                  .sealed_pin = row.sealed_pin};
    if (row.joined_to) {
        target.joined_to = RequestId(*row.joined_to);
    }
    if (row.error) {
        TRY(json::Object error, parse_object(*row.error, "error"));
        target.error = std::move(error);
    }
    return target;
}

Result<Order> to_order(const store::RequestRow& row, const std::vector<store::TargetRow>& targets) {
    const auto kind = parse_kind(row.kind);
    if (!kind) {
        return unreadable("kind");
    }
    TRY(json::Array integrations, parse_array(row.integrations, "integrations"));
    TRY(auto names, parse_names(row.integration_targets));
    Order order{.id = row.id,
                .tenant = row.tenant,
                .kind = *kind,
                .principal = row.principal,
                .principal_label = row.principal_label,
                .entry = policy::parse_entry(row.entry),
                .action = row.action,
                .lookup_type = row.lookup_type,
                .value = row.value,
                .integration_targets = std::move(names),
                .reason = row.reason,
                .dry_run = row.dry_run,
                .idempotency_key = row.idempotency_key,
                .arguments_digest = row.arguments_digest.value_or(""),
                .created_at = row.created_at,
                .settle_until = row.settle_until,
                .integrations = {},
                .answered_integrations = {}};
    if (row.dry_run) {
        order.answered_integrations = std::move(integrations);
        return order;
    }
    TRY(order.integrations, parse_integrations(integrations));
    TRY_VOID(add_targets(order, targets));
    return order;
}

// What audit_records.cpp wrote as the detail of a dry run's record.
Result<Order> to_order(const store::DryRunRow& row) {
    const auto kind = parse_kind(row.kind);
    if (!kind) {
        return unreadable("kind");
    }
    TRY(const json::Object asked, parse_object(row.asked, "asked"));
    TRY(json::Array integrations, parse_array(row.integrations, "integrations"));
    Order order;
    order.id = row.id;
    order.tenant = row.tenant;
    order.kind = *kind;
    order.dry_run = true;
    order.created_at = row.created_at;
    TRY(order.action, json::string_member(asked, "action"));
    TRY(order.lookup_type, json::string_member(asked, "lookup_type"));
    TRY(order.value, json::string_member(asked, "value"));
    TRY(const auto reason, json::optional_string(asked, "reason"));
    if (reason) {
        order.reason = std::string(*reason);
    }
    order.answered_integrations = std::move(integrations);
    return order;
}

}  // namespace quell::orders
