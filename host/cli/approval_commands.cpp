// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/session.hpp"

namespace quell::cli {
namespace {

struct ApprovalFlags {
    std::string tenant;
    std::string id;
    std::string status;
    std::string resource;
    std::string reason;
    std::string duration;
    int count = 50;
};

json::Object given(std::initializer_list<std::pair<const char*, const std::string*>> members) {
    json::Object arguments;
    for (const auto& [name, value] : members) {
        if (!value->empty()) {
            arguments[name] = *value;
        }
    }
    return arguments;
}

void add_list(CLI::App& group, Session& session, const std::shared_ptr<ApprovalFlags>& flags) {
    CLI::App* list = group.add_subcommand("list", "Requests for approval, the newest first.");
    list->add_option("--status", flags->status, "pending, approved, denied or expired; all if absent")
        ->check(CLI::IsMember({"pending", "approved", "denied", "expired"}));
    list->add_option("--resource", flags->resource, "Only this resource");
    list->add_option("-n,--count", flags->count, "How many (50)")->check(CLI::Range(1, 200));
    list->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    list->callback([&session, flags] {
        json::Object arguments = given({{"tenant", &flags->tenant}, {"status", &flags->status}, {"resource", &flags->resource}});
        arguments["count"] = flags->count;
        session.run_command("approvals.list", arguments);
    });
}

void add_show(CLI::App& group, Session& session, const std::shared_ptr<ApprovalFlags>& flags) {
    CLI::App* show = group.add_subcommand("show", "One request and what became of it.");
    show->add_option("APPROVAL", flags->id)->required();
    show->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    show->callback([&session, flags] {
        session.run_command("approvals.show", given({{"tenant", &flags->tenant}, {"approval_id", &flags->id}}));
    });
}

void add_decision(CLI::App& group, Session& session, const std::shared_ptr<ApprovalFlags>& flags, const std::string& name,
                  const std::string& about) {
    CLI::App* decide = group.add_subcommand(name, about);
    decide->add_option("APPROVAL", flags->id)->required();
    decide->add_option("--reason", flags->reason, "Why; the requester is told")->required();
    if (name == "approve") {
        decide->add_option("--duration", flags->duration, "For how long at most, such as 15m; else until the request's end");
    }
    decide->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    decide->callback([&session, flags, command = "approvals." + name] {
        session.run_command(command, given({{"tenant", &flags->tenant},
                                            {"approval_id", &flags->id},
                                            {"reason", &flags->reason},
                                            {"duration", &flags->duration}}));
    });
}

}  // namespace

void add_approval_commands(CLI::App& app, Session& session) {
    const auto flags = std::make_shared<ApprovalFlags>();
    CLI::App* group = app.add_subcommand("approvals", "What people have to allow");
    group->require_subcommand(1);
    add_list(*group, session, flags);
    add_show(*group, session, flags);
    add_decision(*group, session, flags, "approve", "Allow it, once and for all.");
    add_decision(*group, session, flags, "deny", "Refuse it, once and for all.");
}

}  // namespace quell::cli
