// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/session.hpp"

namespace quell::cli {
namespace {

struct NotificationFlags {
    std::string tenant;
    std::string state;
    std::string id;
    int count = 20;
};
using Flags = std::shared_ptr<NotificationFlags>;

json::Object with_tenant(const NotificationFlags& flags) {
    return flags.tenant.empty() ? json::Object() : json::Object{{"tenant", flags.tenant}};
}

CLI::App* add(CLI::App& group, const Flags& flags, const char* name, const char* about) {
    CLI::App* command = group.add_subcommand(name, about);
    command->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    return command;
}

void add_list(CLI::App& group, Session& session, const Flags& flags) {
    CLI::App* list = add(group, flags, "list", "Notices and callbacks, newest first, with their attempts and the last failure.");
    list->add_option("--state", flags->state, "Only pending, delivered or failed");
    list->add_option("-n", flags->count, "How many at most (20)")->check(CLI::Range(1, 500));
    list->callback([&session, flags] {
        json::Object arguments = with_tenant(*flags);
        arguments["count"] = flags->count;
        if (!flags->state.empty()) {
            arguments["state"] = flags->state;
        }
        session.run_command("notifications.list", arguments);
    });
}

void add_retry(CLI::App& group, Session& session, const Flags& flags) {
    CLI::App* retry = add(group, flags, "retry", "Send one that failed once more; a receiver that answered 410 gets messages again.");
    retry->add_option("ID", flags->id, "msg_...")->required();
    retry->callback([&session, flags] {
        json::Object arguments = with_tenant(*flags);
        arguments["id"] = flags->id;
        session.run_command("notifications.retry", arguments);
    });
}

}  // namespace

void add_notification_commands(CLI::App& app, Session& session) {
    const auto flags = std::make_shared<NotificationFlags>();
    CLI::App* group = app.add_subcommand("notifications", "What people and machines are told");
    group->require_subcommand(1);
    add_list(*group, session, flags);
    add(*group, flags, "state", "Each channel, its events, and what waits, went out or failed.")->callback([&session, flags] {
        session.run_command("notifications.state", with_tenant(*flags));
    });
    add_retry(*group, session, flags);
    add(*group, flags, "test", "Send a test over every channel that is enabled.")->callback([&session, flags] {
        session.run_command("notifications.test", with_tenant(*flags));
    });
    add(*group, flags, "secret", "The secret that signs this tenant's webhooks and callbacks; audited.")->callback([&session, flags] {
        session.run_command("notifications.secret", with_tenant(*flags));
    });
}

}  // namespace quell::cli
