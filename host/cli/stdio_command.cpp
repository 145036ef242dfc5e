// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "cli/bridge.hpp"
#include "cli/exit_code.hpp"
#include "cli/host_check.hpp"
#include "cli/render.hpp"
#include "cli/session.hpp"
#include "egress/address_veto.hpp"

namespace quell::cli {
namespace {

constexpr std::chrono::seconds kPatience{60};

struct StdioFlags {
    std::string url;
    std::string ca_file;
    bool check = false;
};

// A key goes over https alone, except to this machine (E23).
Result<BridgeOptions> read_options(const StdioFlags& flags) {
    const char* key = std::getenv("QUELL_API_KEY");
    if (key == nullptr || *key == '\0') {
        return invalid_arguments("QUELL_API_KEY is not set.")
            .next_step("Put your API key into the environment of this program; `quell key create` makes one.");
    }
    TRY(egress::Url url, egress::Url::parse(flags.url));
    if (!url.is_https() && !egress::names_loopback(url.host())) {
        return invalid_arguments("--url must be https, since the API key is sent there.");
    }
    return BridgeOptions{.url = std::move(url), .api_key = key, .ca_file = flags.ca_file};
}

// Whole lines only; a client that is gone ends the program by SIGPIPE.
void write_line(int descriptor, std::string_view text) {
    std::string line(text);
    line += '\n';
    for (std::string_view rest = line; !rest.empty();) {
        const ssize_t count = ::write(descriptor, rest.data(), rest.size());
        if (count < 0) {
            return;
        }
        rest.remove_prefix(static_cast<std::size_t>(count));
    }
}

void run_bridge(BridgeOptions options) {
    Bridge bridge(
        std::move(options), [](std::string_view line) { write_line(STDOUT_FILENO, line); },
        [](std::string_view text) { write_line(STDERR_FILENO, "quell stdio: " + std::string(text)); });
    for (std::string line; std::getline(std::cin, line);) {
        if (!line.empty() && line.back() == '\r') {
            line.pop_back();
        }
        if (!line.empty()) {
            bridge.take(line);
        }
    }
    bridge.finish(kPatience);
}

}  // namespace

void add_stdio_command(CLI::App& app, Session& session) {
    const auto flags = std::make_shared<StdioFlags>();
    CLI::App* stdio = app.add_subcommand(
        "stdio", "Connect a desktop client's stdin and stdout to a host; key in QUELL_API_KEY.");
    stdio->add_option("--url", flags->url, "The host's MCP address, https://HOST/mcp")->required();
    stdio->add_option("--ca-file", flags->ca_file, "Certificate authorities (PEM) in place of the system's")
        ->check(CLI::ExistingFile);
    stdio->add_flag("--check", flags->check, "Say whether host and key work, and stop");
    stdio->callback([&session, flags] {
        auto options = read_options(*flags);
        if (!options) {
            session.finish(options.error());
        } else if (flags->check) {
            session.finish(check_host(*options));
        } else {
            run_bridge(*std::move(options));
        }
    });
}

}  // namespace quell::cli
