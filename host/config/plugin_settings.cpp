// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// [plugins.*].

#include <algorithm>

#include "config/network_names.hpp"
#include "config/read_settings.hpp"

namespace quell::config {
namespace {

void read_library(TableReader& plugin, PluginSettings& out) {
    std::string library;
    if (!plugin.has("library"))
        plugin.refuse("library", "is missing");
    if (!plugin.read("library", library, "crowdstrike.so"))
        return;
    // The directory is a matter of trust, so one setting decides it for all.
    if (library.find('/') != std::string::npos || !library.ends_with(".so"))
        return plugin.refuse(
            "library",
            "must be a file name that ends in .so, without a directory; plugins lie in "
            "`plugin_trust.directory`");
    out.library = library;
}

void read_pin(TableReader& plugin, PluginSettings& out) {
    std::string pin;
    if (!plugin.read("sha256", pin, "9f2c... (64 hex digits)"))
        return;
    if (pin.size() == 64 && pin.find_first_not_of("0123456789abcdef") == std::string::npos)
        out.sha256 = pin;
    else
        plugin.refuse("sha256", "must be 64 lower-case hex digits; `quell plugin pin` writes them");
}

void read_egress(TableReader& plugin, PluginSettings& out) {
    plugin.read("egress", out.egress);
    for (const std::string& entry : out.egress) {
        if (const auto checked = check_egress_entry(entry); !checked)
            plugin.refuse("egress", "holds an entry that " + checked.error()->message);
    }
}

void read_limits(TableReader& plugin, PluginLimits& out) {
    auto limits = plugin.table("limits");
    if (!limits)
        return;
    limits->read("memory_mb", out.memory_mb, 16, 16'384);
    std::int64_t concurrency = 0;
    if (limits->read("concurrency", concurrency, 1, 256))
        out.concurrency = concurrency;
    std::string timeout;
    if (limits->read("call_timeout", timeout, "30s")) {
        const auto duration = parse_duration(timeout);
        if (!duration)
            limits->refuse("call_timeout", duration.error()->message);
        else if (*duration < Millis(100) || *duration > std::chrono::minutes(5))
            limits->refuse("call_timeout", "must be from \"100ms\" to \"5m\"");
        else
            out.call_timeout = *duration;
    }
    limits->refuse_unknown_keys();
}

void read_insecure_loopback(TableReader& plugin, bool is_loopback_only, PluginSettings& out) {
    plugin.read("allow_insecure_loopback", out.allow_insecure_loopback);
    if (out.allow_insecure_loopback && !is_loopback_only)
        plugin.refuse(
            "allow_insecure_loopback",
            "is for simulators: it is refused unless `server.listen` is a loopback address too");
}

PluginSettings read_plugin(TableReader& plugin, bool is_loopback_only) {
    PluginSettings out;
    out.position = plugin.position();
    read_library(plugin, out);
    read_pin(plugin, out);
    plugin.read_choice("isolation", out.isolation, {Isolation::process, Isolation::in_process});
    plugin.read_choice("sandbox", out.sandbox, {Sandbox::required, Sandbox::best, Sandbox::off});
    read_egress(plugin, out);
    plugin.read("raw_secrets", out.raw_secrets);
    read_limits(plugin, out.limits);
    read_insecure_loopback(plugin, is_loopback_only, out);
    plugin.refuse_unknown_keys();
    return out;
}

}  // namespace

void read_plugins(TableReader& root, bool is_loopback_only,
                  std::map<PluginId, PluginSettings>& out) {
    auto plugins = root.table("plugins");
    if (!plugins)
        return;
    for (auto& [name, plugin] : plugins->tables()) {
        if (!is_plain_name(name))
            plugins->refuse(
                name, "is not a plugin's id: lower-case letters, digits, - and _, at most 64");
        out.emplace(PluginId(name), read_plugin(plugin, is_loopback_only));
    }
}

}  // namespace quell::config
