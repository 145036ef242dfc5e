// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"
#include "egress/connector_http.hpp"
#include "plugins/manifest.hpp"

namespace quell::plugins {

// A mistake in a connector's settings, with its place: a JSON pointer into them, or "" for the connector as a whole.
struct SettingsMistake {
    std::string pointer;
    std::string message;
};

// What is wrong with the form: the plugin's schema, secret references, actions that the plugin does not have (PL-08).
std::vector<SettingsMistake> find_mistakes(const config::ConnectorSettings& settings, const Manifest& manifest);

// Secrets of a connector's settings that lie in a backend, by setting.
using FetchedSecrets = std::map<std::string, SecretString, std::less<>>;

// Reads the secrets (OP-06) and puts together the connector's way out; those that lie in a backend are taken from
// `fetched`. connector_misconfigured, naming the setting. For settings without mistakes.
Result<egress::ConnectorHttp::Options> read_http_options(const config::ConnectorSettings& settings,
                                                         const config::PluginSettings& plugin,
                                                         const Manifest& manifest, const FetchedSecrets& fetched = {});

// What the plugin gets at create: the settings without secrets, but with those that the manifest's raw_secrets name.
// connector_misconfigured if the administrator has not agreed to one that is set ([plugins.ID] raw_secrets).
Result<json::Object> read_config(const config::ConnectorSettings& settings, const config::PluginSettings& plugin,
                                 const Manifest& manifest, const FetchedSecrets& fetched = {});

// The destinations of the manifest that the admin's list does not allow, once settings are put in.
std::vector<std::string> destinations_not_listed(const egress::ConnectorHttp::Options& options);

}  // namespace quell::plugins
