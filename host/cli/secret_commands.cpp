// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <unistd.h>

#include <iostream>
#include <iterator>

#include "cli/read_password.hpp"
#include "cli/session.hpp"

namespace quell::cli {
namespace {

struct SecretFlags {
    std::string tenant;
    std::string resource;
    std::string reason;
    std::string since;
    std::string operation;
    std::string group_by;
    std::string period = "1h";
    std::int64_t version = 0;
    int count = 50;
};

using Flags = std::shared_ptr<SecretFlags>;

json::Object given(const SecretFlags& flags) {
    json::Object arguments;
    for (const auto& [name, value] :
         {std::pair("tenant", &flags.tenant), std::pair("resource", &flags.resource), std::pair("reason", &flags.reason),
          std::pair("since", &flags.since), std::pair("operation", &flags.operation), std::pair("group_by", &flags.group_by)}) {
        if (!value->empty()) {
            arguments[name] = *value;
        }
    }
    return arguments;
}

// All of standard input without the line feed at its end; from a terminal one line that is not shown.
std::string read_value() {
    if (::isatty(STDIN_FILENO) != 0) {
        return read_password();
    }
    std::string value{std::istreambuf_iterator<char>(std::cin), {}};
    if (value.ends_with('\n')) {
        value.pop_back();
    }
    return value;
}

CLI::App* with_tenant(CLI::App& group, const Flags& flags, const char* name, const char* about) {
    CLI::App* command = group.add_subcommand(name, about);
    command->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    return command;
}

CLI::App* on_resource(CLI::App& group, const Flags& flags, const char* name, const char* about) {
    CLI::App* command = with_tenant(group, flags, name, about);
    command->add_option("RESOURCE", flags->resource, "vsecure://secrets/ENVIRONMENT/NAME, or ENVIRONMENT/NAME")->required();
    command->add_option("--reason", flags->reason, "Why; kept in the audit trail");
    return command;
}

void add_changes(CLI::App& group, Session& session, const Flags& flags) {
    on_resource(group, flags, "set", "A new version; the value is read from standard input.")->callback([&session, flags] {
        json::Object arguments = given(*flags);
        arguments["value"] = read_value();
        session.run_command("secret.set", arguments);
    });
    on_resource(group, flags, "rotate", "A new version with 256 random bits; it is not shown.")->callback([&session, flags] {
        session.run_command("secret.rotate", given(*flags));
    });
    CLI::App* back = on_resource(group, flags, "rollback", "Read an earlier version again.");
    back->add_option("VERSION", flags->version)->required()->check(CLI::PositiveNumber);
    back->callback([&session, flags] {
        json::Object arguments = given(*flags);
        arguments["version"] = flags->version;
        session.run_command("secret.rollback", arguments);
    });
    on_resource(group, flags, "delete", "Delete a secret with all its versions.")->callback([&session, flags] {
        session.run_command("secret.delete", given(*flags));
    });
}

void add_log(CLI::App& group, Session& session, const Flags& flags) {
    CLI::App* log = with_tenant(group, flags, "log", "Who did what with guarded secrets, the newest first.");
    log->add_option("--resource", flags->resource, "A resource or a pattern, such as \"production/*\"");
    log->add_option("--since", flags->since, "24h, 7d, or a time such as 2026-11-21T03:04:05Z");
    log->add_option("--operation", flags->operation, "read, write, requested, granted, denied, ...");
    log->add_option("--group-by", flags->group_by, "Counts instead of rows: resource, actor, operation or action")
        ->check(CLI::IsMember({"resource", "actor", "operation", "action"}));
    log->add_option("-n,--count", flags->count, "How many (50)")->check(CLI::Range(1, 1000));
    log->callback([&session, flags] {
        json::Object arguments = given(*flags);
        arguments["count"] = flags->count;
        session.run_command("secret.log", arguments);
    });
    CLI::App* metric = with_tenant(group, flags, "metric", "How often secrets were used in a period before now.");
    metric->add_option("--period", flags->period, "Such as 1h (default) or 7d");
    metric->add_option("--resource", flags->resource, "A resource or a pattern");
    metric->callback([&session, flags] {
        json::Object arguments = given(*flags);
        arguments["period"] = flags->period;
        session.run_command("secret.metric", arguments);
    });
}

}  // namespace

void add_secret_commands(CLI::App& app, Session& session) {
    const auto flags = std::make_shared<SecretFlags>();
    CLI::App* group = app.add_subcommand("secret", "Guarded secrets; a value is never shown here");
    group->require_subcommand(1);
    with_tenant(*group, flags, "list", "Secrets and the rules for them, without values.")->callback([&session, flags] {
        session.run_command("secret.list", given(*flags));
    });
    add_changes(*group, session, flags);
    add_log(*group, session, flags);
    group->add_subcommand("rekey", "Seal every value again with the present key of [secret_store].")->callback([&session] {
        session.run_command("secret.rekey", {});
    });
}

}  // namespace quell::cli
