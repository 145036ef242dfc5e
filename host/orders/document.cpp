// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/document.hpp"

#include "json/error_document.hpp"
#include "orders/status.hpp"

namespace quell::orders {
namespace {

json::Value text_or_null(const std::optional<std::string>& text, const json::Storage& storage) {
    return text ? json::Value(std::string_view(*text), storage) : json::Value(nullptr);
}

void add_end(const Target& target, json::Object& out, const json::Storage& storage) {
    out.emplace("error", json::Value(target.error, storage));
    out.emplace("resolved_by", resolved_by_document(target, storage));
    out.emplace("result_metadata", json::Object(target.result_metadata, storage));
    if (target.joined_to) {
        out.emplace("joined_to", std::string_view(target.joined_to->str()));
    }
}

json::Object device(const Target& target, const json::Storage& storage) {
    json::Object out(storage);
    out.reserve(9);
    out.emplace("provider_device_id", std::string_view(target.provider_id));
    out.emplace("hostname", text_or_null(target.name, storage));
    out.emplace("serial_number", text_or_null(target.serial_number, storage));
    out.emplace("state", to_string(target.state));
    out.emplace("changed", target.changed ? json::Value(*target.changed) : json::Value(nullptr));
    add_end(target, out, storage);
    return out;
}

json::Object account(const Target& target, const json::Storage& storage) {
    json::Object out(storage);
    out.reserve(8);
    out.emplace("provider_user_id", std::string_view(target.provider_id));
    out.emplace("login", text_or_null(target.name, storage));
    out.emplace("state", to_string(target.state));
    out.emplace("outcome", target.outcome ? json::Value(to_string(*target.outcome), storage) : json::Value(nullptr));
    add_end(target, out, storage);
    return out;
}

json::Object integration(const Integration& part, Kind kind, const json::Storage& storage) {
    json::Array targets(storage);
    targets.reserve(part.targets.size());
    for (const Target& target : part.targets) {
        targets.emplace_back(kind == Kind::containment ? device(target, storage) : account(target, storage));
    }
    json::Object out(storage);
    out.reserve(4);
    out.emplace("integration", std::string_view(part.connector.str()));
    out.emplace("status", to_string(status_of(part)));
    out.emplace("error", json::Value(part.error, storage));
    out.emplace(kind == Kind::containment ? "devices" : "accounts", std::move(targets));
    return out;
}

void add_subject(const Order& order, json::Object& out, const json::Storage& storage) {
    if (order.kind == Kind::revocation) {
        out.emplace("dry_run", order.dry_run);
        out.emplace("username", std::string_view(order.value));
        return;
    }
    out.emplace("action", std::string_view(order.action));
    out.emplace("dry_run", order.dry_run);
    json::Object lookup(storage);
    lookup.reserve(2);
    lookup.emplace("lookup_type", std::string_view(order.lookup_type));
    lookup.emplace("value", std::string_view(order.value));
    out.emplace("lookup", std::move(lookup));
}

}  // namespace

json::Array resolved_by_document(const Target& target, const json::Storage& storage) {
    json::Array steps(storage);
    steps.reserve(target.resolved_by.size());
    for (const ResolvedBy& step : target.resolved_by) {
        json::Object out(storage);
        out.reserve(3);
        out.emplace("connector", std::string_view(step.connector));
        out.emplace("lookup_type", std::string_view(step.lookup_type));
        out.emplace("match", std::string_view(step.match));
        steps.emplace_back(std::move(out));
    }
    return steps;
}

json::Array integrations_document(const Order& order, const json::Storage& storage) {
    json::Array out(storage);
    out.reserve(order.integrations.size());
    for (const Integration& part : order.integrations) {
        out.emplace_back(integration(part, order.kind, storage));
    }
    return out;
}

json::Object to_document(const Order& order, const json::Storage& storage) {
    json::Object out(storage);
    out.reserve(8);
    out.emplace("request_id", std::string_view(order.id.str()));
    out.emplace("status", to_string(status_of(order)));
    add_subject(order, out, storage);
    out.emplace("reason", text_or_null(order.reason, storage));
    out.emplace("created_at", to_rfc3339(order.created_at));
    out.emplace("integrations", order.answered_integrations ? json::Array(*order.answered_integrations, storage)
                                                            : integrations_document(order, storage));
    return out;
}

json::Value error_value(const Error& error) {
    json::Object document = json::error_document(error);
    return std::move(*document.if_contains("error"));
}

}  // namespace quell::orders
