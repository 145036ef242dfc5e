// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// Throws across the border, which the SDK's layer would prevent: from create where the settings say so, else from
// every method. Written in C++ since C cannot.
#include <quell/abi.h>

#include <stdexcept>
#include <string_view>

namespace {

__attribute__((section(".quell.manifest"), used)) const char kManifest[] =
    R"({"id":"throwing","version":"1.0.0","vendor":"The Quell authors","description":"For tests","abi":1,)"
    R"("capabilities":{"device_containment/1":{"kind":"edr","actions":["network_contain"],"lookup_types":["hostname"]}},)"
    R"("settings":{"type":"object","properties":{"early":{"type":"boolean"}}}})";

void method(quell_instance*, quell_call*, quell_str) { throw std::runtime_error("out of the plugin"); }

char instance_memory = 0;

std::int32_t create(quell_host*, const quell_host_api*, quell_call*, quell_str config, quell_instance** out) {
    if (std::string_view(config.data, config.size).find("\"early\":true") != std::string_view::npos) {
        throw 42;
    }
    *out = reinterpret_cast<quell_instance*>(&instance_memory);
    return QUELL_OK;
}

void destroy(quell_instance*) {}

const quell_device_containment_v1 kContainment = {sizeof kContainment, 0, method, method, method};

const void* capability(quell_str) { return &kContainment; }

const quell_plugin kPlugin = {sizeof kPlugin, QUELL_ABI_MAJOR, QUELL_ABI_MINOR, 0, {kManifest, sizeof kManifest - 1},
                              create,         destroy,         capability};

}  // namespace

extern "C" __attribute__((visibility("default"))) const quell_plugin* quell_plugin_entry(std::uint32_t, std::uint32_t) {
    return &kPlugin;
}
