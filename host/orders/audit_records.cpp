// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/audit_records.hpp"

#include <array>

#include "json/serialize.hpp"
#include "orders/status.hpp"

namespace quell::orders {
namespace {

std::string event(Kind kind, std::string_view stage) {
    return std::string(to_string(kind)) + "_" + std::string(stage);
}

json::Array found_targets(const Order& order, const json::Storage& storage) {
    json::Array array(storage);
    for (const Integration& part : order.integrations) {
        for (const Target& target : part.targets) {
            json::Object object(storage);
            object.reserve(3);
            object.emplace("connector", std::string_view(part.connector.str()));
            object.emplace("id", std::string_view(target.provider_id));
            if (target.joined_to) {
                object.emplace("joined_to", std::string_view(target.joined_to->str()));
            }
            array.emplace_back(std::move(object));
        }
    }
    return array;
}

json::Object asked(const Order& order, const json::Storage& storage = {}) {
    json::Object detail(storage);
    detail.reserve(7);
    detail.emplace("entry", policy::to_string(order.entry));
    detail.emplace("by", std::string_view(order.principal_label));
    detail.emplace("action", std::string_view(order.action));
    detail.emplace("lookup_type", std::string_view(order.lookup_type));
    detail.emplace("value", std::string_view(order.value));
    detail.emplace("reason", order.reason ? json::Value(std::string_view(*order.reason), storage) : json::Value(nullptr));
    return detail;
}

json::Object order_detail(const Order& order, const json::Storage& storage) {
    json::Object detail = asked(order, storage);
    detail.emplace("targets", found_targets(order, storage));
    return detail;
}

json::Object target_detail(const Batch& batch, const Target& target) {
    json::Object detail;
    detail.reserve(7);
    detail.emplace("action", std::string_view(batch.action));
    detail.emplace("connector", std::string_view(batch.connector.str()));
    detail.emplace("id", std::string_view(target.provider_id));
    if (target.changed) {
        detail.emplace("changed", *target.changed);
    }
    if (const auto* error = target.error.if_object()) {
        detail.emplace("error", error->at("key"));
    }
    if (target.attempts > 1) {
        detail.emplace("attempt", target.attempts);
    }
    return detail;
}

}  // namespace

audit::Record order_record(const Order& order) {
    return {.tenant = order.tenant,
            .event = event(order.kind, order.dry_run ? "dry_run" : "intent"),
            .actor = order.principal,
            .request_id = order.id.str(),
            .outcome = order.dry_run ? "resolved" : "intent",
            .detail = order_detail(order, {})};
}

std::string order_detail_text(const Order& order) {
    std::array<unsigned char, 2048> bytes;
    json::Arena arena(bytes.data(), bytes.size());
    return json::serialize(order_detail(order, &arena));
}

std::string_view dry_run_event(Kind kind) {
    return kind == Kind::containment ? "containment_dry_run" : "revocation_dry_run";
}

audit::Record target_record(const Batch& batch, const Target& target) {
    return {.tenant = batch.tenant,
            .event = event(batch.kind, target.state == State::sent ? "sent" : "outcome"),
            .actor = batch.principal,
            .request_id = batch.request.str(),
            .outcome = std::string(to_string(target.state)),
            .detail = target_detail(batch, target)};
}

audit::Record joined_record(const Batch& batch, const Target& first, const RequestId& joined) {
    audit::Record record = target_record(batch, first);
    record.request_id = joined.str();
    record.detail.emplace("joined_to", std::string_view(batch.request.str()));
    return record;
}

audit::Record refusal_record(const Order& order, const Error& error) {
    return {.tenant = order.tenant,
            .event = event(order.kind, "refused"),
            .actor = order.principal,
            .request_id = order.id.str(),
            .outcome = error->key,
            .detail = asked(order)};
}

}  // namespace quell::orders
