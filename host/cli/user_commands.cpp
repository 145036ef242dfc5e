// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/read_password.hpp"
#include "cli/session.hpp"

namespace quell::cli {
namespace {

struct UserFlags {
    std::string tenant;
    std::string email;
    std::string role;
    bool password_from_stdin = false;
};

json::Object with_tenant(const UserFlags& flags) {
    return flags.tenant.empty() ? json::Object() : json::Object{{"tenant", flags.tenant}};
}

void add_add(CLI::App& group, Session& session, const std::shared_ptr<UserFlags>& flags) {
    CLI::App* add = group.add_subcommand("add", "Add a user, or a known user to another tenant.");
    add->add_option("EMAIL", flags->email)->required();
    add->add_option("--role", flags->role, "owner, admin, analyst or viewer")->required();
    add->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    add->add_flag("--password-stdin", flags->password_from_stdin,
                  "Read the password's line from standard input (hidden at a terminal); a known user needs none");
    add->callback([&session, flags] {
        json::Object arguments = with_tenant(*flags);
        arguments["email"] = flags->email;
        arguments["role"] = flags->role;
        if (flags->password_from_stdin) {
            arguments["password"] = read_password();
        }
        session.run_command("user.add", arguments);
    });
}

void add_set_role(CLI::App& group, Session& session, const std::shared_ptr<UserFlags>& flags) {
    CLI::App* command = group.add_subcommand("set-role", "Change a user's role in a tenant.");
    command->add_option("EMAIL", flags->email)->required();
    command->add_option("--role", flags->role, "admin, analyst, viewer, or owner, which cannot be changed again")->required();
    command->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    command->callback([&session, flags] {
        json::Object arguments = with_tenant(*flags);
        arguments["email"] = flags->email;
        arguments["role"] = flags->role;
        session.run_command("user.set-role", arguments);
    });
}

void add_set_password(CLI::App& group, Session& session, const std::shared_ptr<UserFlags>& flags) {
    CLI::App* command = group.add_subcommand("set-password", "Give a user a new password; ends their sign-ins.");
    command->add_option("EMAIL", flags->email)->required();
    command->add_flag("--password-stdin", flags->password_from_stdin,
                      "Read the password's line from standard input (hidden at a terminal)")->required();
    command->callback([&session, flags] {
        session.run_command("user.set-password", {{"email", flags->email}, {"password", read_password()}});
    });
}

void add_remove(CLI::App& group, Session& session, const std::shared_ptr<UserFlags>& flags) {
    CLI::App* command = group.add_subcommand("remove", "Take a user out of a tenant; their tokens end at once.");
    command->add_option("EMAIL", flags->email)->required();
    command->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    command->callback([&session, flags] {
        json::Object arguments = with_tenant(*flags);
        arguments["email"] = flags->email;
        session.run_command("user.remove", arguments);
    });
}

}  // namespace

void add_user_commands(CLI::App& app, Session& session) {
    const auto flags = std::make_shared<UserFlags>();
    CLI::App* group = app.add_subcommand("user", "People who may sign in");
    group->require_subcommand(1);
    add_add(*group, session, flags);
    CLI::App* list = group->add_subcommand("list", "Users of a tenant with their roles.");
    list->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    list->callback([&session, flags] { session.run_command("user.list", with_tenant(*flags)); });
    add_set_role(*group, session, flags);
    add_set_password(*group, session, flags);
    add_remove(*group, session, flags);
}

}  // namespace quell::cli
