// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/abi.h>

#include <concepts>
#include <cstdint>
#include <memory>

#include <quell/call.hpp>
#include <quell/challenge_channel.hpp>
#include <quell/detail/trampolines.hpp>
#include <quell/device_containment.hpp>
#include <quell/health.hpp>
#include <quell/identity_lookup.hpp>
#include <quell/inbound_event.hpp>
#include <quell/mcp_content.hpp>
#include <quell/notification_channel.hpp>
#include <quell/rate_limit.hpp>
#include <quell/secret_backend.hpp>
#include <quell/session_revocation.hpp>
#include <quell/settings.hpp>
#include <quell/text.hpp>
#include <quell/url.hpp>

// Everything for a plugin in C++. Write a class that derives from the capabilities it has, give it
//     static quell::Result<std::unique_ptr<Class>> create(const quell::Settings& settings);
// and write QUELL_EXPORT_PLUGIN(Class) once, outside of any namespace. quell_add_plugin of the
// CMake package supplies the manifest.

// Written by quell_add_plugin into the ELF section .quell.manifest.
extern "C" {
extern const unsigned char quell_plugin_manifest[];
extern const std::uint64_t quell_plugin_manifest_size;
}

namespace quell::inline v1 {

template <class Class>
concept PluginClass = requires(const Settings& settings) {
    { Class::create(settings) } -> std::same_as<Result<std::unique_ptr<Class>>>;
};

template <class Class>
concept HasCapability =
    std::derived_from<Class, DeviceContainment> || std::derived_from<Class, SessionRevocation> ||
    std::derived_from<Class, Health> || std::derived_from<Class, McpContent> ||
    std::derived_from<Class, ChallengeChannel> || std::derived_from<Class, InboundEvents> ||
    std::derived_from<Class, NotificationChannel> || std::derived_from<Class, IdentityLookup> ||
    std::derived_from<Class, SecretBackend>;

namespace detail {

template <class Class>
const quell_plugin* plugin_table(std::uint32_t host_major) noexcept {
    static_assert(PluginClass<Class>,
                  "the class needs: static quell::Result<std::unique_ptr<Class>> create(const "
                  "quell::Settings&)");
    static_assert(HasCapability<Class>, "the class derives from no capability of the SDK");
    static const quell_plugin table = {
        sizeof(quell_plugin),
        QUELL_ABI_MAJOR,
        QUELL_ABI_MINOR,
        0,
        {reinterpret_cast<const char*>(quell_plugin_manifest), quell_plugin_manifest_size},
        &create<Class>,
        &destroy<Class>,
        &capability<Class>};
    return host_major == QUELL_ABI_MAJOR ? &table : nullptr;
}

}  // namespace detail
}  // namespace quell::inline v1

#define QUELL_EXPORT_PLUGIN(Class)                                                            \
    extern "C" __attribute__((visibility("default"))) const quell_plugin* quell_plugin_entry( \
        std::uint32_t host_major, std::uint32_t) noexcept {                                   \
        return ::quell::detail::plugin_table<Class>(host_major);                              \
    }
