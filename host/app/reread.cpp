// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/reread.hpp"

#include "app/check_settings.hpp"
#include "app/load_settings.hpp"

namespace quell::app {
namespace {

Error refuse(const std::vector<config::Diagnostic>& mistakes) {
    std::vector<Candidate> places;
    for (const config::Diagnostic& mistake : mistakes) {
        places.push_back({{"file", mistake.file},
                          {"line", std::to_string(mistake.line)},
                          {"column", std::to_string(mistake.column)},
                          {"message", mistake.message}});
    }
    return Error(Code::failed_precondition, "invalid_config",
                 "The configuration has mistakes; the present one stays. First: " + config::to_string(mistakes.front()))
        .candidates(std::move(places))
        .next_step("Correct it until `quell check` finds nothing, then reload again.");
}

std::string text_of(const std::optional<config::Endpoint>& endpoint) {
    return endpoint ? config::to_string(*endpoint) : "";
}

// What is bound or opened once.
std::vector<std::string> needs_restart(const config::Settings& a, const config::Settings& b) {
    std::vector<std::string> changed;
    const auto note = [&changed](bool same, const char* name) {
        if (!same) {
            changed.emplace_back(name);
        }
    };
    note(text_of(a.server.listen) == text_of(b.server.listen), "[server] listen");
    note(a.server.public_url == b.server.public_url, "[server] public_url");
    note(a.server.has_tls() == b.server.has_tls(), "[server] tls_cert");
    note(a.admin.socket == b.admin.socket, "[admin] socket");
    note(text_of(a.admin.listen) == text_of(b.admin.listen), "[admin] listen");
    note(a.store.url == b.store.url, "[store] url");
    note(a.store.key == b.store.key, "[store] key");
    note(a.server.allowed_origins == b.server.allowed_origins, "[server] allowed_origins");
    note(a.server.trusted_proxies == b.server.trusted_proxies, "[server] trusted_proxies");
    note(a.api_keys.headers == b.api_keys.headers, "[api_keys] headers");
    return changed;
}

}  // namespace

Result<config::Settings> reread_settings(const config::Settings& present) {
    config::Loaded loaded = load_settings(present.file);
    if (loaded.ok()) {
        loaded.errors = check_settings(loaded.settings, true);
    }
    if (!loaded.ok()) {
        return refuse(loaded.errors);
    }
    const auto changed = needs_restart(present, loaded.settings);
    if (!changed.empty()) {
        return Error(Code::failed_precondition, "restart_needed",
                     changed.front() + " has changed, which only a restart can do; the present configuration stays.")
            .allowed(changed)
            .next_step("Restart Quell, or put the old value back and reload.");
    }
    return std::move(loaded.settings);
}

}  // namespace quell::app
