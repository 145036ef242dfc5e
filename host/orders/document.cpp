// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/document.hpp"

#include "json/error_document.hpp"
#include "json/serialize.hpp"
#include "json/writer.hpp"
#include "orders/status.hpp"

namespace quell::orders {
namespace {

// One device or account, or what surrounds the integrations, hardly takes more; if it does, that costs an allocation.
constexpr std::size_t kUsualText = 448;

void write_resolved_by(json::Writer& out, const Target& target) {
    out.begin_array();
    for (const ResolvedBy& step : target.resolved_by) {
        out.begin_object();
        out.member("connector", step.connector);
        out.member("lookup_type", step.lookup_type);
        out.member("match", step.match);
        out.end_object();
    }
    out.end_array();
}

void write_device(json::Writer& out, const Target& target) {
    out.member("provider_device_id", target.provider_id);
    out.member("hostname", target.name);
    out.member("serial_number", target.serial_number);
    out.member("state", to_string(target.state));
    out.member("changed", target.changed);
}

void write_account(json::Writer& out, const Target& target) {
    out.member("provider_user_id", target.provider_id);
    out.member("login", target.name);
    out.member("state", to_string(target.state));
    out.member("outcome", target.outcome ? std::optional(to_string(*target.outcome)) : std::nullopt);
}

void write_target(json::Writer& out, const Target& target, Kind kind) {
    out.begin_object();
    if (kind == Kind::containment) {
        write_device(out, target);
    } else {
        write_account(out, target);
    }
    out.member("error", target.error);
    out.key("resolved_by");
    write_resolved_by(out, target);
    out.member("result_metadata", target.result_metadata);
    if (target.joined_to) {
        out.member("joined_to", target.joined_to->str());
    }
    out.end_object();
}

void write_integration(json::Writer& out, const Integration& part, Kind kind) {
    out.begin_object();
    out.member("integration", part.connector.str());
    out.member("status", to_string(status_of(part)));
    out.member("error", part.error);
    out.key(kind == Kind::containment ? "devices" : "accounts");
    out.begin_array();
    for (const Target& target : part.targets) {
        write_target(out, target, kind);
    }
    out.end_array();
    out.end_object();
}

void write_subject(json::Writer& out, const Order& order) {
    if (order.kind == Kind::revocation) {
        out.member("dry_run", order.dry_run);
        out.member("username", order.value);
        return;
    }
    out.member("action", order.action);
    out.member("dry_run", order.dry_run);
    out.key("lookup");
    out.begin_object();
    out.member("lookup_type", order.lookup_type);
    out.member("value", order.value);
    out.end_object();
}

}  // namespace

std::string resolved_by_text(const Target& target) {
    std::string text;
    json::Writer out(text);
    write_resolved_by(out, target);
    return text;
}

std::string integrations_text(const Order& order) {
    if (order.answered_integrations) {
        return json::serialize(json::Value(*order.answered_integrations));
    }
    std::string text;
    text.reserve(kUsualText);
    json::Writer out(text);
    out.begin_array();
    for (const Integration& part : order.integrations) {
        write_integration(out, part, order.kind);
    }
    out.end_array();
    return text;
}

std::string to_document(const Order& order) { return to_document(order, integrations_text(order)); }

std::string to_document(const Order& order, std::string_view integrations) {
    std::string text;
    text.reserve(kUsualText + integrations.size());
    json::Writer out(text);
    out.begin_object();
    out.member("request_id", order.id.str());
    out.member("status", to_string(status_of(order)));
    write_subject(out, order);
    out.member("reason", order.reason);
    out.member("created_at", to_rfc3339(order.created_at));
    out.key("integrations");
    out.raw(integrations);
    out.end_object();
    return text;
}

std::string list_document(const std::vector<std::string>& documents) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("requests");
    out.begin_array();
    for (const std::string& document : documents) {
        out.raw(document);
    }
    out.end_array();
    out.end_object();
    return text;
}

json::Value error_value(const Error& error) {
    json::Object document = json::error_document(error);
    return std::move(*document.if_contains("error"));
}

}  // namespace quell::orders
