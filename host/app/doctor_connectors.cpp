// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <algorithm>
#include <future>
#include <memory>
#include <mutex>

#include "app/doctor.hpp"

namespace quell::app {
namespace {

constexpr std::chrono::seconds kAskFor{10};

// What the plugin's requests came to; a request may still end after the call was given up.
struct Requests {
    std::mutex mutex;
    std::vector<egress::RequestLine> lines;

    void add(const egress::RequestLine& line) {
        const std::lock_guard lock(mutex);
        lines.push_back(line);
    }
    std::vector<egress::RequestLine> take() {
        const std::lock_guard lock(mutex);
        return lines;
    }
};

struct Asked {
    const plugins::Connector* connector;
    Verdict verdict = Verdict::not_loaded;
    std::string message{};
    std::vector<plugins::Health::Check> checks{};
};

bool any_of(const std::vector<egress::RequestLine>& requests, auto test) {
    return std::any_of(requests.begin(), requests.end(), test);
}

std::string settings_of(const plugins::Connector& connector) {
    return "[connectors." + connector.key().str() + "] in tenants/" + connector.tenant().str() + ".toml";
}

std::string next_step(const Asked& asked) {
    const std::string settings = settings_of(*asked.connector);
    switch (asked.verdict) {
        case Verdict::ok:
        case Verdict::not_asked:
            return "";
        case Verdict::not_loaded:
            return "Correct [plugins." + asked.connector->plugin().str() + "] or " + settings +
                   "; `quell check` names the place, `quell plugin list` the plugin's state.";
        case Verdict::unreachable:
            return "Check the address in " + settings + " and egress of [plugins." + asked.connector->plugin().str() +
                   "], and that this machine may reach the provider.";
        case Verdict::credential_refused:
            return "Check the client id and the secret or key of " + settings +
                   ": they are wrong, expired or withdrawn at the provider.";
        case Verdict::permission_missing:
            return "Grant at the provider what the checks name, then run `quell doctor` again.";
        case Verdict::provider_failing:
            return "Look at the provider's status page; Quell tries again by itself.";
        case Verdict::plugin_failed:
            return "Look at `quell plugin list` and at the host's log for this plugin.";
    }
    return "";
}

Asked ask(const plugins::Connector& connector) {
    Asked asked{.connector = &connector};
    if (const auto problem = connector.present_problem()) {
        asked.message = (*problem)->message;
        return asked;
    }
    if (!connector.offers(plugins::kHealth)) {
        asked.verdict = Verdict::not_asked;
        asked.message = "The plugin has no health check.";
        return asked;
    }
    const auto requests = std::make_shared<Requests>();
    plugins::CallOptions options;
    options.deadline = std::chrono::steady_clock::now() + kAskFor;
    options.request_finished = [requests](const egress::RequestLine& line) { requests->add(line); };
    const auto health = plugins::check_health_and_wait(connector, std::move(options));
    asked.verdict = judge(health, requests->take());
    if (health) {
        asked.checks = health->checks;
    } else {
        asked.message = health.error()->message;
    }
    return asked;
}

bool names(const Result<plugins::Health>& health, std::string_view word) {
    return health && std::any_of(health->checks.begin(), health->checks.end(), [&](const auto& check) {
               return check.message.find(word) != std::string::npos;
           });
}

std::string plugin_state(const std::vector<plugins::PluginStatus>& plugins, const PluginId& id) {
    const auto found = std::find_if(plugins.begin(), plugins.end(), [&](const auto& status) { return status.id == id; });
    return found == plugins.end() ? "absent" : std::string(plugins::to_string(found->backend.state));
}

json::Object to_json(const Asked& asked, const std::vector<plugins::PluginStatus>& plugins) {
    json::Array checks;
    for (const auto& check : asked.checks) {
        checks.push_back(json::Object{{"name", check.name}, {"ok", check.ok}, {"message", check.message}});
    }
    const std::string step = next_step(asked);
    return {{"tenant", asked.connector->tenant().str()},
            {"connector", asked.connector->key().str()},
            {"plugin", asked.connector->plugin().str()},
            {"plugin_state", plugin_state(plugins, asked.connector->plugin())},
            {"ok", asked.verdict == Verdict::ok || asked.verdict == Verdict::not_asked},
            {"verdict", to_string(asked.verdict)},
            {"message", asked.message.empty() ? json::Value(nullptr) : json::Value(asked.message)},
            {"checks", std::move(checks)},
            {"next_step", step.empty() ? json::Value(nullptr) : json::Value(step)}};
}

std::vector<const plugins::Connector*> connectors_of(const Deployment& deployment, const TenantId& tenant) {
    std::vector<const plugins::Connector*> found;
    for (const auto& [id, settings] : deployment.settings.tenants) {
        if (tenant.empty() || id == tenant) {
            const auto some = deployment.registry.connectors(id);
            found.insert(found.end(), some.begin(), some.end());
        }
    }
    return found;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::ok:
            return "ok";
        case Verdict::not_loaded:
            return "not_loaded";
        case Verdict::unreachable:
            return "unreachable";
        case Verdict::credential_refused:
            return "credential_refused";
        case Verdict::permission_missing:
            return "permission_missing";
        case Verdict::provider_failing:
            return "provider_failing";
        case Verdict::plugin_failed:
            return "plugin_failed";
        case Verdict::not_asked:
            return "not_asked";
    }
    return "";
}

Verdict judge(const Result<plugins::Health>& health, const std::vector<egress::RequestLine>& requests) {
    if (health && health->healthy) {
        return Verdict::ok;
    }
    if (requests.empty() && !health) {
        return Verdict::plugin_failed;
    }
    // None at all: the host itself let no request out, since the provider rests after many failures.
    if (!any_of(requests, [](const auto& line) { return line.status != 0; })) {
        return Verdict::unreachable;
    }
    if (any_of(requests, [](const auto& line) { return line.status == 429 || line.status >= 500; })) {
        return Verdict::provider_failing;
    }
    const auto refused = [](const egress::RequestLine& line) {
        return line.status == 401 || (line.kind == egress::RequestKind::token && line.status >= 400);
    };
    // The last word counts: a 401 that a fresh token has healed is no refusal.
    if (refused(requests.back())) {
        // RFC 6749 5.2: the one refusal of a token request that is about rights.
        return names(health, "invalid_scope") ? Verdict::permission_missing : Verdict::credential_refused;
    }
    if (requests.back().status == 0) {
        return Verdict::unreachable;
    }
    return health ? Verdict::permission_missing : Verdict::plugin_failed;
}

json::Array examine_connectors(Services& services, const TenantId& tenant) {
    const auto deployment = services.deployment();
    std::vector<std::future<Asked>> running;
    for (const plugins::Connector* connector : connectors_of(*deployment, tenant)) {
        running.push_back(std::async(std::launch::async, [connector] { return ask(*connector); }));
    }
    std::vector<Asked> asked;
    for (auto& one : running) {
        asked.push_back(one.get());
    }
    const auto plugins = deployment->registry.plugins();
    json::Array rows;
    for (const Asked& one : asked) {
        rows.push_back(to_json(one, plugins));
    }
    return rows;
}

}  // namespace quell::app
