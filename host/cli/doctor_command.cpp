// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "app/run_command.hpp"
#include "cli/admin_client.hpp"
#include "cli/exit_code.hpp"
#include "cli/render.hpp"
#include "cli/session.hpp"
#include "cli/terminal_text.hpp"
#include "json/read.hpp"

namespace quell::cli {
namespace {

// Without a host: runners of our own for the time of the examination.
Result<json::Value> examine_here(const config::Settings& settings, json::Object arguments) {
    boost::asio::io_context idle;  // no order is settled here
    TRY(const auto services, app::Services::open(settings, idle));
    TRY_VOID(services->start_connectors());
    arguments["host_runs"] = false;
    const app::Actor actor{"uid:" + std::to_string(getuid())};
    auto answer = app::run_command(*services, "doctor", arguments, actor);
    if (!services->stop_connectors()) {
        // A thread is stuck inside a plugin's code: what it uses must not be destroyed.
        std::cerr << "quell: a plugin did not come back.\n";
        std::_Exit(kRemote);
    }
    return answer;
}

// A provider's or a vendor's word must not steer the terminal (LG-01).
std::string plain(const json::Value& value) {
    return value.is_string() ? for_terminal(json::text(value)) : "";
}

void print_line(bool ok, const std::string& what, const std::string& message) {
    std::cout << (ok ? "ok   " : "BAD  ") << what << (message.empty() ? "" : ": " + message) << "\n";
}

void print_step(const json::Object& row) {
    if (row.at("next_step").is_string()) {
        std::cout << "     -> " << plain(row.at("next_step")) << "\n";
    }
}

void print_connector(const json::Object& row) {
    print_line(row.at("ok").get_bool(), plain(row.at("tenant")) + "/" + plain(row.at("connector")),
               plain(row.at("verdict")) + " (plugin " + plain(row.at("plugin")) + ", " + plain(row.at("plugin_state")) + ")" +
                   (row.at("message").is_string() ? " " + plain(row.at("message")) : ""));
    for (const json::Value& check : row.at("checks").get_array()) {
        std::cout << "     ";
        print_line(check.at("ok").get_bool(), plain(check.at("name")), plain(check.at("message")));
    }
    print_step(row);
}

void print_provider(const json::Object& row) {
    print_line(row.at("ok").get_bool(), plain(row.at("tenant")) + "/openid " + plain(row.at("issuer")), plain(row.at("message")));
    std::cout << "     redirect URI to register: " << plain(row.at("redirect_uri")) << "\n";
    print_step(row);
}

void print(const json::Value& document) {
    for (const json::Value& row : document.at("host").get_array()) {
        print_line(row.at("ok").get_bool(), plain(row.at("name")), plain(row.at("message")));
        print_step(row.get_object());
    }
    for (const json::Value& row : document.at("connectors").get_array()) {
        print_connector(row.get_object());
    }
    for (const json::Value& row : document.at("openid").get_array()) {
        print_provider(row.get_object());
    }
    std::cout << (document.at("ok").get_bool() ? "All is well.\n" : "Something needs your hand.\n");
}

void examine(Session& session, const std::string& tenant) {
    const auto settings = session.load_settings();
    if (!settings) {
        return;
    }
    json::Object arguments;
    if (!tenant.empty()) {
        arguments["tenant"] = tenant;
    }
    auto answer = ask_host(settings->admin.socket, "doctor", arguments);
    if (!answer) {
        answer = examine_here(*settings, arguments);
    }
    if (!*answer || session.as_json) {
        session.finish(*answer);
    } else {
        print(**answer);
    }
    if (*answer && !(*answer)->at("ok").get_bool()) {
        session.exit_code = kRemote;
    }
}

}  // namespace

void add_doctor_command(CLI::App& app, Session& session) {
    const auto tenant = std::make_shared<std::string>();
    CLI::App* doctor = app.add_subcommand(
        "doctor", "Ask every connector's and tenant's provider and look at this machine; exit code 2 if anything is not well.");
    doctor->add_option("--tenant", *tenant, "Only this tenant's connectors and provider");
    doctor->callback([&session, tenant] { examine(session, *tenant); });
}

}  // namespace quell::cli
