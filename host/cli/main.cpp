// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <algorithm>
#include <string_view>

#include "base/encoding.hpp"
#include "cli/exit_code.hpp"
#include "cli/model_words.hpp"
#include "cli/session.hpp"

namespace quell::cli {
namespace {

// The command that was reached before the words stopped making sense.
const CLI::App& last_command(const CLI::App& app) {
    const auto chosen = app.get_subcommands();
    return chosen.empty() ? app : last_command(*chosen.back());
}

std::string full_name(const CLI::App& command) {
    const CLI::App* parent = command.get_parent();
    return parent == nullptr ? "quell" : full_name(*parent) + " " + command.get_name();
}

std::vector<std::string> commands_of(const CLI::App& group) {
    std::vector<std::string> names;
    for (const CLI::App* command : group.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(command->get_name());
    }
    return names;
}

Error usage_error(const CLI::App& app, const CLI::ParseError& failure) {
    const CLI::App& command = last_command(app);
    const auto unknown = app.remaining(true);
    // CLI11 tells of the command that is missing, not of the word that stands in its place.
    const std::string what = unknown.empty() ? std::string(failure.what()) + "."
                                             : "`" + unknown.front() + "` is not known to " + full_name(command) + ".";
    return invalid_arguments(what)
        .allowed(commands_of(command))
        .next_step("`" + full_name(command) + " --help` says what it takes.");
}

void add_commands(CLI::App& app, Session& session) {
    app.set_version_flag("--version", QUELL_VERSION);
    app.add_option("-c,--config", session.config, "quell.toml (/etc/quell/quell.toml)");
    app.add_flag("--json", session.as_json, "Answers as JSON with stable keys");
    app.footer("Every command takes -c,--config and --json.");
    app.require_subcommand(1);
    app.fallthrough();
    add_serve_commands(app, session);
    add_client_commands(app, session);
    add_user_commands(app, session);
    add_request_commands(app, session);
    add_challenge_commands(app, session);
    add_audit_commands(app, session);
    add_backup_commands(app, session);
    add_doctor_command(app, session);
    add_plugin_commands(app, session);
    add_stdio_command(app, session);
    add_notification_commands(app, session);
    add_key_commands(app, session);
    add_approval_commands(app, session);
    add_secret_commands(app, session);
}

void parse_and_run(CLI::App& app, Session& session, const std::vector<std::string_view>& given) {
    try {
        // CLI11 takes a vector from its end.
        std::vector<std::string> words = in_own_words(given);
        std::reverse(words.begin(), words.end());
        app.parse(std::move(words));
    } catch (const CLI::ParseError& failure) {
        if (failure.get_exit_code() == 0) {
            app.exit(failure);  // --help, --version
        } else {
            session.finish(usage_error(app, failure));
        }
    } catch (const std::exception& failure) {
        session.finish(invalid_arguments(failure.what()));
    }
}

int run(int count, char** arguments) {
    const std::vector<std::string_view> words(arguments, arguments + count);
    Session session;
    CLI::App app("Quell contains devices, ends sessions and records it, for agents and people in an incident.");
    add_commands(app, session);
    // Known before the words are understood, since a wrong word is told in JSON too.
    session.as_json = std::find(words.begin(), words.end(), "--json") != words.end();
    if (std::all_of(words.begin(), words.end(), is_utf8)) {
        parse_and_run(app, session, {words.begin() + 1, words.end()});
    } else {
        session.finish(invalid_arguments("The command line must be UTF-8."));
    }
    return session.exit_code;
}

}  // namespace
}  // namespace quell::cli

int main(int count, char** arguments) {
    return quell::cli::run(count, arguments);
}
