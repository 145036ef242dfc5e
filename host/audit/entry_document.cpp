// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "audit/trail.hpp"
#include "base/encoding.hpp"
#include "json/parse.hpp"

namespace quell::audit {
namespace {

// A damaged row may hold any bytes; it is shown all the same.
std::string shown(const std::string& text) { return is_utf8(text) ? text : "base64:" + to_base64(text); }

json::Value shown_detail(const std::string& text) {
    auto parsed = json::parse(text);
    return parsed ? *std::move(parsed) : json::Value(shown(text));
}

}  // namespace

std::string chain_name(const TenantId& tenant) { return tenant.empty() ? "host" : shown(tenant.str()); }

json::Object to_document(const Entry& entry) {
    return {{"seq", entry.seq},
            {"at", to_rfc3339(entry.at)},
            {"chain", chain_name(entry.tenant)},
            {"event", shown(entry.event)},
            {"actor", shown(entry.actor)},
            {"request_id", shown(entry.request_id)},
            {"outcome", shown(entry.outcome)},
            {"detail", shown_detail(entry.detail)}};
}

}  // namespace quell::audit
