// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "json/value.hpp"
#include "plugins/settings_schema.hpp"

namespace quell::plugins {

struct DeviceContainmentManifest {
    std::string kind;  // "edr" or "mdm"
    std::vector<std::string> actions;
    std::vector<std::string> lookup_types;
    std::vector<std::string> idempotent_actions;
    std::size_t max_batch = 1;
    int lock_pin_digits = 0;  // 0: the host makes no PIN
};

struct SessionRevocationManifest {
    std::size_t max_batch = 1;
    bool idempotent = false;
};

struct McpContentManifest {
    std::string scope;  // what a caller's token must allow; one of the product's scopes
};

// What a plugin says of itself, read from its file without running it (sdk/schema/manifest.json). A value.
struct Manifest {
    PluginId id;
    std::string version;
    std::string vendor;
    std::string description;
    std::vector<std::string> capabilities;  // ids as written, also those that this host does not know
    std::optional<DeviceContainmentManifest> device_containment;
    std::optional<SessionRevocationManifest> session_revocation;
    std::optional<McpContentManifest> mcp_content;
    std::vector<std::string> egress;
    json::Object auth;
    std::vector<std::string> read_only_posts;
    SettingsSchema settings;
    std::vector<std::string> raw_secrets;  // secret settings that the plugin must see itself
    std::map<std::string, std::vector<std::string>, std::less<>> needs;  // by capability: settings it cannot do without
    json::Object app_manifest;  // what to enter at the provider; empty: nothing
    bool serial = false;
    std::size_t max_concurrency = 4;

    bool has(std::string_view capability) const;
    // Whether a connector with these settings has the capability too.
    bool offers(std::string_view capability, const json::Object& connector_settings) const;
};

// connector_misconfigured, naming the member, for what does not match the manifest's schema, a settings schema that
// does not compile, raw_secrets that are no secrets, a capability that no version of Quell knows, and another ABI than 1 (PL-06).
Result<Manifest> parse_manifest(std::string_view text);

}  // namespace quell::plugins
