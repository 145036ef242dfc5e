// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/commands.hpp"
#include "json/read.hpp"

namespace quell::app {
namespace {

// DU-08: names each broken chain, the first bad record in it and what is wrong with it.
Error broken(const std::vector<audit::ChainReport>& reports) {
    std::vector<Candidate> flaws;
    for (const audit::ChainReport& report : reports) {
        if (report.flaw) {
            flaws.push_back({{"chain", audit::chain_name(report.tenant)},
                             {"seq", std::to_string(report.flaw->seq)},
                             {"why", report.flaw->why}});
        }
    }
    return Error(Code::data_loss, "audit_broken", "The audit trail does not verify: it was changed outside of Quell.")
        .candidates(std::move(flaws))
        .next_step("Keep this file as evidence, and restore the store from a backup that verifies.");
}

}  // namespace

Result<json::Value> tail_audit(Services& services, const json::Object& arguments, const Actor&) {
    TRY(const auto host_chain, json::optional_bool(arguments, "host"));
    TRY(const std::int64_t count, json::integer_member(arguments, "count"));
    TRY(const auto event, json::optional_string(arguments, "event"));
    TRY(const auto request, json::optional_string(arguments, "request_id"));
    if (count < 1 || count > 10'000) {
        return invalid_arguments("`count` must be between 1 and 10000.");
    }
    TenantId chain;
    if (!host_chain.value_or(false)) {
        TRY(chain, tenant_argument(services, arguments));
    }
    const audit::Filter filter{.event = std::string(event.value_or("")),
                               .actor = {},
                               .request_id = std::string(request.value_or("")),
                               .since = {}};
    TRY(const auto entries, services.trail.tail(chain, static_cast<std::size_t>(count), filter));
    json::Array rows;
    for (const audit::Entry& entry : entries) {
        rows.push_back(audit::to_document(entry));
    }
    return rows;
}

Result<json::Value> verify_audit(Services& services, const json::Object&, const Actor&) {
    TRY(const auto reports, services.trail.verify());
    json::Array rows;
    for (const audit::ChainReport& report : reports) {
        if (report.flaw) {
            return broken(reports);
        }
        rows.push_back(json::Object{{"chain", audit::chain_name(report.tenant)}, {"records", report.sound}, {"verifies", true}});
    }
    return rows;
}

}  // namespace quell::app
