// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/connector_settings.hpp"

#include <algorithm>
#include <charconv>

#include "config/secret_ref.hpp"
#include "egress/allow_list.hpp"
#include "json/nearest.hpp"
#include "plugins/refusal.hpp"

namespace quell::plugins {
namespace {

std::vector<SettingsMistake> unknown_actions(const config::ConnectorSettings& settings, const Manifest& manifest) {
    std::vector<SettingsMistake> mistakes;
    const std::vector<std::string> none;
    const auto& offered = manifest.device_containment ? manifest.device_containment->actions : none;
    const std::vector<std::string_view> names(offered.begin(), offered.end());
    for (const std::string& action : settings.actions.value_or(none)) {
        if (std::find(offered.begin(), offered.end(), action) == offered.end()) {
            mistakes.push_back({"", "the plugin has no action `" + action + "`" + json::nearest_hint(action, names)});
        }
    }
    return mistakes;
}

struct HostAndPort {
    std::string_view host;
    std::uint16_t port = 0;
};

// Of a pattern such as "api.example.com:443" or "[::1]:8080"; the lists have checked its form.
HostAndPort split(std::string_view pattern) {
    HostAndPort parts;
    const auto colon = pattern.rfind(':');
    const std::string_view port = pattern.substr(colon + 1);
    std::from_chars(port.data(), port.data() + port.size(), parts.port);
    parts.host = pattern.substr(0, colon);
    if (parts.host.size() > 2 && parts.host.front() == '[') {
        parts.host = parts.host.substr(1, parts.host.size() - 2);
    }
    return parts;
}

Result<SecretString> read_secret(const std::string& name, const json::Value& reference, const FetchedSecrets& fetched) {
    if (const auto found = fetched.find(name); found != fetched.end()) {
        return found->second.copy();
    }
    auto secret = config::read_secret(reference);
    return secret ? std::move(secret) : refused("`" + name + "`: " + secret.error()->message);
}

// A file may be renewed by somebody else; what else there is stays as it is.
egress::SecretSource source_of(const json::Value& reference) {
    auto parsed = config::parse_secret_reference(reference);
    if (!parsed || parsed->source != config::SecretRef::Source::file) {
        return {};
    }
    return [file = *std::move(parsed)] { return config::read_secret(file); };
}

Result<void> add_raw_secret(const std::string& name, const json::Value& reference, const config::PluginSettings& plugin,
                            const FetchedSecrets& fetched, json::Object& config) {
    const auto& agreed = plugin.raw_secrets;
    if (std::find(agreed.begin(), agreed.end(), name) == agreed.end()) {
        return refused("the plugin asks to see `" + name + "` itself: agree with raw_secrets = [\"" + name +
                       "\"] in the plugin's table of quell.toml");
    }
    TRY(const SecretString secret, read_secret(name, reference, fetched));
    config[name] = secret.reveal();
    return {};
}

}  // namespace

std::vector<SettingsMistake> find_mistakes(const config::ConnectorSettings& settings, const Manifest& manifest) {
    std::vector<SettingsMistake> mistakes = unknown_actions(settings, manifest);
    for (auto& problem : manifest.settings.problems(settings.settings)) {
        mistakes.push_back({std::move(problem.pointer), std::move(problem.message)});
    }
    return mistakes;
}

Result<egress::ConnectorHttp::Options> read_http_options(const config::ConnectorSettings& settings,
                                                         const config::PluginSettings& plugin,
                                                         const Manifest& manifest, const FetchedSecrets& fetched) {
    egress::ConnectorHttp::Options options;
    options.connector = settings.key;
    options.manifest_egress = manifest.egress;
    options.admin_egress = plugin.egress;
    options.allow_insecure_loopback = plugin.allow_insecure_loopback;
    options.auth = manifest.auth;
    options.read_only_posts = manifest.read_only_posts;
    TRY(options.values.plain, manifest.settings.plain(settings.settings));
    for (const std::string& name : manifest.settings.secrets()) {
        const json::Value* reference = settings.settings.if_contains(name);
        if (reference == nullptr) {
            continue;
        }
        TRY(SecretString secret, read_secret(name, *reference, fetched));
        options.values.secrets.emplace(name, std::move(secret));
        if (auto source = source_of(*reference)) {
            options.values.sources.emplace(name, std::move(source));
        }
    }
    return options;
}

Result<json::Object> read_config(const config::ConnectorSettings& settings, const config::PluginSettings& plugin,
                                 const Manifest& manifest, const FetchedSecrets& fetched) {
    TRY(json::Object config, manifest.settings.plain(settings.settings));
    for (const std::string& name : manifest.raw_secrets) {
        if (const json::Value* reference = settings.settings.if_contains(name)) {
            TRY_VOID(add_raw_secret(name, *reference, plugin, fetched, config));
        }
    }
    return config;
}

std::vector<std::string> destinations_not_listed(const egress::ConnectorHttp::Options& options) {
    std::vector<std::string> missing;
    const auto wanted = egress::expand_egress(options.manifest_egress, options.values);
    const auto admin = egress::AllowList::make(options.admin_egress);
    if (!wanted || !admin) {
        return missing;  // told by ConnectorHttp::make
    }
    for (const std::string& pattern : *wanted) {
        const HostAndPort parts = split(pattern);
        if (!pattern.starts_with("*.") && !admin->allows(parts.host, parts.port)) {
            missing.push_back(pattern);
        }
    }
    return missing;
}

}  // namespace quell::plugins
