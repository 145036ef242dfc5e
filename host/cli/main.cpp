// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <iostream>

#include "cli/exit_code.hpp"
#include "cli/session.hpp"

int main(int count, char** arguments) {
    quell::cli::Session session;
    CLI::App app("Quell contains devices, ends sessions and records it, for agents and people in an incident.");
    app.set_version_flag("--version", QUELL_VERSION);
    app.add_option("-c,--config", session.config, "quell.toml (/etc/quell/quell.toml)");
    app.add_flag("--json", session.as_json, "Answers as JSON with stable keys");
    app.require_subcommand(1);
    app.fallthrough();
    quell::cli::add_serve_commands(app, session);
    quell::cli::add_client_commands(app, session);
    quell::cli::add_user_commands(app, session);
    quell::cli::add_request_commands(app, session);
    quell::cli::add_audit_commands(app, session);
    quell::cli::add_backup_commands(app, session);
    quell::cli::add_doctor_command(app, session);
    quell::cli::add_plugin_commands(app, session);
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& failure) {
        return app.exit(failure) == 0 ? quell::cli::kOk : quell::cli::kUsageOrConfig;
    } catch (const std::exception& failure) {
        std::cerr << "quell: " << failure.what() << "\n";
        return quell::cli::kUsageOrConfig;
    }
    return session.exit_code;
}
