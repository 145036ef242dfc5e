// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/manifest.hpp"

#include <array>

#include "json/nearest.hpp"
#include "json/parse.hpp"
#include "json/schema.hpp"
#include "plugins/refusal.hpp"

namespace quell::embedded {
extern const std::string_view manifest;
}

namespace quell::plugins {
namespace {

// INTERFACES.md 6. A plugin may offer a capability, or a revision, that this host does not know: it is not used.
// Any other name is a mistake.
constexpr std::array<std::string_view, 9> kCapabilityNames = {
    "device_containment", "session_revocation",  "challenge_channel", "inbound_event", "secret_backend",
    "identity_lookup",    "notification_channel", "health",           "mcp_content"};

const json::Schema& manifest_schema() {
    static const json::Schema schema = json::Schema::compile(json::parse(embedded::manifest).value()).value();
    return schema;
}

// The schema has checked the shape: what is read below is there and of its type, or absent.
std::string string_at(const json::Object& object, std::string_view name) {
    const json::Value* value = object.if_contains(name);
    return value == nullptr ? std::string() : std::string(json::text(*value));
}

std::size_t size_at(const json::Object& object, std::string_view name, std::size_t otherwise) {
    const json::Value* value = object.if_contains(name);
    return value == nullptr ? otherwise : value->to_number<std::size_t>();
}

std::vector<std::string> strings_at(const json::Object& object, std::string_view name) {
    std::vector<std::string> strings;
    if (const json::Value* value = object.if_contains(name)) {
        for (const json::Value& element : value->get_array()) {
            strings.emplace_back(json::text(element));
        }
    }
    return strings;
}

bool true_at(const json::Object& object, std::string_view name) {
    const json::Value* value = object.if_contains(name);
    return value != nullptr && value->get_bool();
}

Result<void> check_capability(std::string_view id) {
    const auto slash = id.find('/');
    const std::string_view name = id.substr(0, slash);
    const std::string_view revision = slash == std::string_view::npos ? "" : id.substr(slash + 1);
    const bool numbered = !revision.empty() && revision.size() < 4 && revision.front() != '0' &&
                          revision.find_first_not_of("0123456789") == std::string_view::npos;
    if (!numbered || std::find(kCapabilityNames.begin(), kCapabilityNames.end(), name) == kCapabilityNames.end()) {
        return refused("the manifest's capability `" + std::string(id.substr(0, 64)) + "` does not exist" +
                       json::nearest_hint(name, kCapabilityNames));
    }
    return {};
}

DeviceContainmentManifest read_device_containment(const json::Object& object) {
    return {.kind = string_at(object, "kind"),
            .actions = strings_at(object, "actions"),
            .lookup_types = strings_at(object, "lookup_types"),
            .idempotent_actions = strings_at(object, "idempotent_actions"),
            .max_batch = size_at(object, "max_batch", 1),
            .lock_pin_digits = static_cast<int>(size_at(object, "lock_pin_digits", 0))};
}

Result<void> read_capabilities(const json::Object& capabilities, Manifest& manifest) {
    for (const auto& [id, value] : capabilities) {
        TRY_VOID(check_capability(id));
        manifest.capabilities.emplace_back(id);
        if (value.is_object()) {
            manifest.needs.emplace(id, strings_at(value.get_object(), "needs"));
        }
        if (id == "device_containment/1") {
            manifest.device_containment = read_device_containment(value.get_object());
        } else if (id == "session_revocation/1") {
            const json::Object& object = value.get_object();
            manifest.session_revocation = {.max_batch = size_at(object, "max_batch", 1),
                                           .idempotent = true_at(object, "idempotent")};
        } else if (id == "mcp_content/1") {
            manifest.mcp_content = {.scope = string_at(value.get_object(), "scope")};
        }
    }
    return {};
}

Result<SettingsSchema> read_settings_schema(const json::Object& document) {
    const json::Value* schema = document.if_contains("settings");
    auto compiled = SettingsSchema::compile(schema != nullptr ? *schema : json::Value(json::Object()));
    if (!compiled) {
        return refused("the manifest's settings schema is wrong: " + compiled.error()->message);
    }
    return compiled;
}

Result<void> check_raw_secrets(const Manifest& manifest) {
    for (const std::string& name : manifest.raw_secrets) {
        if (!manifest.settings.is_secret(name)) {
            return refused("the manifest's raw_secrets name `" + name + "`, which is no setting marked x-secret");
        }
    }
    return {};
}

}  // namespace

bool Manifest::has(std::string_view capability) const {
    return std::find(capabilities.begin(), capabilities.end(), capability) != capabilities.end();
}

bool Manifest::offers(std::string_view capability, const json::Object& connector_settings) const {
    const auto needed = needs.find(capability);
    return has(capability) && (needed == needs.end() || std::all_of(needed->second.begin(), needed->second.end(), [&](const auto& name) {
                                   return connector_settings.if_contains(name) != nullptr;
                               }));
}

Result<Manifest> parse_manifest(std::string_view text) {
    const auto document = json::parse(text);
    if (!document) {
        return refused("the manifest is not JSON: " + document.error()->message);
    }
    if (const auto problems = manifest_schema().violations(*document, 1); !problems.empty()) {
        return refused("the manifest is wrong: " + problems.front().message);
    }
    const json::Object& object = document->get_object();
    Manifest manifest;
    manifest.id = PluginId(string_at(object, "id"));
    manifest.version = string_at(object, "version");
    manifest.vendor = string_at(object, "vendor");
    manifest.description = string_at(object, "description");
    TRY_VOID(read_capabilities(object.at("capabilities").get_object(), manifest));
    manifest.egress = strings_at(object, "egress");
    if (const json::Value* auth = object.if_contains("auth")) {
        manifest.auth = auth->get_object();
    }
    if (const json::Value* app = object.if_contains("app_manifest")) {
        manifest.app_manifest = app->get_object();
    }
    manifest.read_only_posts = strings_at(object, "read_only_posts");
    manifest.serial = string_at(object, "concurrency") == "serial";
    manifest.max_concurrency = size_at(object, "max_concurrency", 4);
    TRY(manifest.settings, read_settings_schema(object));
    manifest.raw_secrets = strings_at(object, "raw_secrets");
    TRY_VOID(check_raw_secrets(manifest));
    return manifest;
}

}  // namespace quell::plugins
