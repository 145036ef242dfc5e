// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/session.hpp"

namespace quell::cli {
namespace {

struct ChallengeFlags {
    std::string tenant;
    std::string id;
    int count = 20;
};

json::Object with_tenant(const ChallengeFlags& flags) {
    return flags.tenant.empty() ? json::Object() : json::Object{{"tenant", flags.tenant}};
}

void add_list(CLI::App& group, Session& session, const std::shared_ptr<ChallengeFlags>& flags) {
    CLI::App* list = group.add_subcommand("list", "The newest challenges.");
    list->add_option("-n,--count", flags->count, "How many (20)")->check(CLI::Range(1, 200));
    list->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    list->callback([&session, flags] {
        json::Object arguments = with_tenant(*flags);
        arguments["count"] = flags->count;
        session.run_command("challenge.list", arguments);
    });
}

// A command on one challenge.
void add_on_one(CLI::App& group, Session& session, const std::shared_ptr<ChallengeFlags>& flags, const std::string& name,
                const std::string& description) {
    CLI::App* command = group.add_subcommand(name, description);
    command->add_option("CHALLENGE", flags->id, "challenge_id of the answer that made it")->required();
    command->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    command->callback([&session, flags, name] {
        json::Object arguments = with_tenant(*flags);
        arguments["challenge_id"] = flags->id;
        session.run_command("challenge." + name, arguments);
    });
}

}  // namespace

void add_challenge_commands(CLI::App& app, Session& session) {
    const auto flags = std::make_shared<ChallengeFlags>();
    CLI::App* group = app.add_subcommand("challenge", "Questions to people whether it was them");
    group->require_subcommand(1);
    add_list(*group, session, flags);
    add_on_one(*group, session, flags, "show", "One challenge with its outcome.");
    add_on_one(*group, session, flags, "cancel", "Withdraw an open challenge; audited.");
}

}  // namespace quell::cli
