// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/doctor.hpp"

#include <algorithm>

#include "json/read.hpp"

namespace quell::app {
namespace {

bool all_ok(const json::Array& rows) {
    return std::all_of(rows.begin(), rows.end(), [](const json::Value& row) { return row.at("ok").get_bool(); });
}

}  // namespace

json::Object to_json(const Finding& finding) {
    return {{"name", finding.name},
            {"ok", finding.ok},
            {"message", finding.message},
            {"next_step", finding.next_step.empty() ? json::Value(nullptr) : json::Value(finding.next_step)}};
}

Result<json::Value> examine(Services& services, const json::Object& arguments, const Actor&) {
    TRY(const auto named, json::optional_string(arguments, "tenant"));
    TRY(const auto host_runs, json::optional_bool(arguments, "host_runs"));
    TenantId tenant;
    if (named) {
        TRY(tenant, tenant_argument(services, arguments));
    }
    bool ok = true;
    json::Array host;
    std::vector<Finding> findings = examine_machine(services, host_runs.value_or(true));
    std::vector<Finding> guarded = examine_secrets(services);
    std::move(guarded.begin(), guarded.end(), std::back_inserter(findings));
    for (const Finding& finding : findings) {
        ok = ok && finding.ok;
        host.push_back(to_json(finding));
    }
    json::Array connectors = examine_connectors(services, tenant);
    json::Array providers = examine_providers(services, tenant);
    ok = ok && all_ok(connectors) && all_ok(providers);
    return json::Object{{"ok", ok},
                        {"host", std::move(host)},
                        {"connectors", std::move(connectors)},
                        {"openid", std::move(providers)}};
}

}  // namespace quell::app
