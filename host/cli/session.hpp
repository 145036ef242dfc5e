// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "config/load.hpp"
#include "json/value.hpp"

namespace quell::cli {

// What all commands share: the common flags, and the exit code that main returns.
struct Session {
    std::filesystem::path config = "/etc/quell/quell.toml";
    bool as_json = false;
    int exit_code = 0;

    // Prints an answer or an error and sets the exit code.
    void finish(const Result<json::Value>& outcome);
    // The settings; nullopt after printing every mistake.
    std::optional<config::Settings> load_settings();
    // A command on the store: by the running host, or in this program under the store's lock.
    void run_command(std::string_view command, const json::Object& arguments);

  private:
    std::optional<config::Settings> usable(config::Loaded loaded);
};

// A check for CLI11: what is wrong with a file's name, nothing if it is not empty.
std::string refuse_empty(const std::string& name);

void add_serve_commands(CLI::App& app, Session& session);    // serve, dev, check
void add_client_commands(CLI::App& app, Session& session);   // client ...|initial-token
void add_user_commands(CLI::App& app, Session& session);     // user add|list|set-role|set-password|remove
void add_request_commands(CLI::App& app, Session& session);  // request get|list|pin, usage
void add_challenge_commands(CLI::App& app, Session& session);  // challenge list|show|cancel
void add_audit_commands(CLI::App& app, Session& session);    // audit tail|verify
void add_backup_commands(CLI::App& app, Session& session);   // backup, restore
void add_doctor_command(CLI::App& app, Session& session);    // doctor
void add_notification_commands(CLI::App& app, Session& session);  // notifications list|state|retry|test|secret
void add_key_commands(CLI::App& app, Session& session);      // key create|list|delete|rotate, whoami, scopes
void add_stdio_command(CLI::App& app, Session& session);     // stdio
void add_approval_commands(CLI::App& app, Session& session);  // approvals list|show|approve|deny
void add_secret_commands(CLI::App& app, Session& session);    // secret ...
void add_plugin_commands(CLI::App& app, Session& session);   // plugin list|status|inspect|hash|pin|app-manifest

}  // namespace quell::cli
