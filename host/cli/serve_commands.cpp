// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <iostream>

#include "app/check_settings.hpp"
#include "app/dev.hpp"
#include "app/serve.hpp"
#include "app/signals.hpp"
#include "cli/admin_client.hpp"
#include "cli/exit_code.hpp"
#include "cli/render.hpp"
#include "cli/session.hpp"
#include "cli/terminal_text.hpp"

namespace quell::cli {
namespace {

void finish_run(Session& session, const Result<void>& outcome) {
    if (!outcome) {
        session.finish(outcome.error());
    }
}

void add_serve(CLI::App& app, Session& session) {
    CLI::App* serve = app.add_subcommand("serve", "Run the host until SIGTERM.");
    serve->callback([&session] {
        if (const auto settings = session.load_settings()) {
            app::block_signals();
            finish_run(session, app::run_serve(*settings));
        }
    });
}

void add_dev(CLI::App& app, Session& session) {
    const auto options = std::make_shared<app::DevOptions>();
    const auto isolation = std::make_shared<std::string>("process");
    CLI::App* dev = app.add_subcommand("dev", "Run a host with temporary state and provider simulators.");
    dev->add_option("--port", options->port, "Port of the host; a free one if absent");
    dev->add_option("--ready-file", options->ready_file, "Written once the host serves: addresses, users, clients");
    dev->add_option("--simulators", options->simulators, "Folder of simulators.py; that of the installation if absent");
    dev->add_option("--isolation", *isolation, "process (default) or in_process")
        ->check(CLI::IsMember({"process", "in_process"}));
    dev->callback([&session, options, isolation] {
        options->isolation = *isolation == "process" ? config::Isolation::process : config::Isolation::in_process;
        app::block_signals();
        finish_run(session, app::run_dev(*options, [](std::string_view text) { std::cout << text << std::flush; }));
    });
}

// OP-01: everything that can be found without a side effect: files, plugins, settings against each plugin's schema.
void check(Session& session) {
    const auto settings = session.load_settings();
    if (!settings) {
        return;
    }
    const bool host_runs = is_host_running(settings->admin.socket);
    const std::vector<config::Diagnostic> mistakes = app::check_settings(*settings, host_runs);
    json::Array rows;
    for (const config::Diagnostic& mistake : mistakes) {
        rows.push_back(json::Object{{"file", mistake.file},
                                    {"line", mistake.line},
                                    {"column", mistake.column},
                                    {"message", mistake.message}});
        if (!session.as_json) {
            std::cerr << for_terminal(config::to_string(mistake)) << "\n";
        }
    }
    session.exit_code = mistakes.empty() ? kOk : kUsageOrConfig;
    if (session.as_json) {
        std::cout << render(json::Object{{"ok", mistakes.empty()}, {"errors", std::move(rows)}}, true);
    } else if (mistakes.empty()) {
        std::cout << "The configuration is in order.\n";
    }
}

}  // namespace

void add_serve_commands(CLI::App& app, Session& session) {
    add_serve(app, session);
    add_dev(app, session);
    app.add_subcommand("reload", "Let the running host read its configuration again.")->callback([&session] {
        session.run_command("reload", {});
    });
    app.add_subcommand("check", "Find every mistake in the configuration; changes nothing.")->callback([&session] {
        check(session);
    });
}

}  // namespace quell::cli
