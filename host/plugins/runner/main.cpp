// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// quell-plugin-runner: loads one plugin in a process of its own, confined before the first byte of the plugin is
// mapped. Started by the host only, with descriptors 0 = /dev/null, 1 and 2 = log pipe, 3 = socket to the host,
// 4 = the sealed bytes of the plugin, and an empty environment.

#include <dlfcn.h>
#include <unistd.h>

#include <string>

#include "plugins/runner/abi_tables.hpp"
#include "plugins/runner/sandbox.hpp"
#include "plugins/runner/server.hpp"

namespace {

using quell::runner::Channel;
using quell::runner::Json;

constexpr int kHost = 3;
constexpr const char* kLibrary = "/proc/self/fd/4";

struct Loaded {
    const quell_plugin* plugin = nullptr;
    std::string refusal;
};

Loaded load() {
    void* library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        const char* why = ::dlerror();
        return {nullptr, std::string("the loader refused it: ") + (why != nullptr ? why : "no reason given")};
    }
    const auto entry = reinterpret_cast<quell_plugin_entry_fn>(::dlsym(library, QUELL_PLUGIN_ENTRY_NAME));
    if (entry == nullptr) {
        return {nullptr, "it exports no " QUELL_PLUGIN_ENTRY_NAME};
    }
    const quell_plugin* plugin = entry(QUELL_ABI_MAJOR, QUELL_ABI_MINOR);
    if (const char* refusal = quell::plugins::refusal_of(plugin)) {
        return {nullptr, refusal};
    }
    return {plugin, ""};
}

bool say_hello(Channel& channel, const quell::runner::SandboxReport& report, const Loaded& loaded) {
    Json head = {{"sandbox", report.to_json()}};
    if (loaded.plugin == nullptr) {
        head["error"] = loaded.refusal.substr(0, 1000);
        channel.send(quell::plugins::FrameType::hello, head);
        return false;
    }
    return channel.send(quell::plugins::FrameType::hello, head, quell::plugins::view(loaded.plugin->manifest));
}

}  // namespace

int main(int count, char** values) {
    const auto options = quell::runner::parse_options(count, values);
    if (!options) {
        static constexpr std::string_view kUsage = "quell-plugin-runner is started by the Quell host.\n";
        return ::write(STDERR_FILENO, kUsage.data(), kUsage.size()) < 0 ? 1 : 2;
    }
    const auto report = quell::runner::confine(*options);
    Channel channel(kHost);
    const Loaded loaded = report.refusal.empty() ? load() : Loaded{nullptr, report.refusal};
    if (!say_hello(channel, report, loaded)) {
        return 1;
    }
    quell::runner::Server server(*loaded.plugin, channel, options->threads);
    server.run(kHost);
    ::_exit(0);  // no destructors: worker threads and the plugin's own code may still hold anything
}
