// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/serve.hpp"

#include "app/host.hpp"
#include "app/signals.hpp"
#include "plugins/check.hpp"

namespace quell::app {

Result<void> run_serve(const config::Settings& settings) {
    TRY(const auto host, Host::start(settings));
    host->run_until_stopped();
    return {};
}

std::vector<config::Diagnostic> check_settings(const config::Settings& settings) {
    std::vector<config::Diagnostic> mistakes = plugins::check_plugins(settings);
    if (const auto key = Services::read_key(settings); !key) {
        mistakes.push_back({.file = (settings.directory / "quell.toml").string(), .message = key.error()->message});
    }
    return mistakes;
}

}  // namespace quell::app
