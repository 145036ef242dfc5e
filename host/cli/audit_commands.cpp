// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/session.hpp"

namespace quell::cli {
namespace {

struct AuditFlags {
    std::string tenant;
    bool host_chain = false;
    int count = 20;
    std::string event;
    std::string request;
};

void add_tail(CLI::App& group, Session& session, const std::shared_ptr<AuditFlags>& flags) {
    CLI::App* tail = group.add_subcommand("tail", "The newest records of a chain.");
    tail->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    tail->add_flag("--host", flags->host_chain, "The host's own chain instead of a tenant's");
    tail->add_option("-n,--count", flags->count, "How many (20)")->check(CLI::Range(1, 10'000));
    tail->add_option("--event", flags->event, "Only this event");
    tail->add_option("--request", flags->request, "Only this request");
    tail->callback([&session, flags] {
        json::Object arguments{{"host", flags->host_chain}, {"count", flags->count}};
        for (const auto& [name, value] : {std::pair("tenant", flags->tenant), std::pair("event", flags->event),
                                          std::pair("request_id", flags->request)}) {
            if (!value.empty()) {
                arguments[name] = value;
            }
        }
        session.run_command("audit.tail", arguments);
    });
}

}  // namespace

void add_audit_commands(CLI::App& app, Session& session) {
    const auto flags = std::make_shared<AuditFlags>();
    CLI::App* group = app.add_subcommand("audit", "The hash-chained audit trail");
    group->require_subcommand(1);
    add_tail(*group, session, flags);
    CLI::App* verify = group->add_subcommand("verify", "Check every chain; a break is named by chain and record.");
    verify->callback([&session] { session.run_command("audit.verify", {}); });
}

}  // namespace quell::cli
