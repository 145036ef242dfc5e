// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/session.hpp"

#include <unistd.h>

#include <iostream>

#include "app/load_settings.hpp"
#include "app/run_command.hpp"
#include "cli/admin_client.hpp"
#include "cli/exit_code.hpp"
#include "cli/render.hpp"
#include "cli/terminal_text.hpp"

namespace quell::cli {
namespace {

json::Value to_json(const std::vector<config::Diagnostic>& diagnostics) {
    json::Array rows;
    for (const config::Diagnostic& diagnostic : diagnostics) {
        rows.push_back(json::Object{{"file", diagnostic.file},
                                    {"line", diagnostic.line},
                                    {"column", diagnostic.column},
                                    {"message", diagnostic.message}});
    }
    return json::Object{{"ok", false}, {"errors", std::move(rows)}};
}

}  // namespace

void Session::finish(const Result<json::Value>& outcome) {
    if (outcome) {
        std::cout << render(*outcome, as_json);
        return;
    }
    // Under --json the document goes to standard output, where a program reads it.
    (as_json ? std::cout : std::cerr) << render_error(outcome.error(), as_json);
    exit_code = exit_code_of(outcome.error());
}

std::optional<config::Settings> Session::load_settings() {
    return usable(app::load_settings(config));
}

std::optional<config::Settings> Session::usable(config::Loaded loaded) {
    if (loaded.ok()) {
        return std::move(loaded.settings);
    }
    exit_code = kUsageOrConfig;
    if (as_json) {
        std::cout << render(to_json(loaded.errors), true);
        return std::nullopt;
    }
    for (const config::Diagnostic& diagnostic : loaded.errors) {
        std::cerr << for_terminal(config::to_string(diagnostic)) << "\n";
    }
    return std::nullopt;
}

void Session::run_command(std::string_view command, const json::Object& arguments) {
    config::Loaded loaded = app::load_settings(config);
    // The host has the settings that it began with: mistakes in the files since then keep nobody from it.
    if (loaded.ok() || loaded.names_socket) {
        if (const auto answer = ask_host(loaded.settings.admin.socket, command, arguments)) {
            return finish(*answer);
        }
    }
    const std::optional<config::Settings> settings = usable(std::move(loaded));
    if (!settings) {
        return;
    }
    boost::asio::io_context idle;  // no order is settled here
    const auto services = app::Services::open(*settings, idle);
    if (!services) {
        return finish(services.error());
    }
    const app::Actor actor{"uid:" + std::to_string(getuid())};
    finish(app::run_command(**services, command, arguments, actor));
}

std::string refuse_empty(const std::string& name) {
    return name.empty() ? "The name of a file is needed" : "";
}

}  // namespace quell::cli
