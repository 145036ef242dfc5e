// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/in_process.hpp"

#include <boost/dll/shared_library.hpp>
#include <future>
#include <thread>

#include "plugins/instance.hpp"
#include "plugins/refusal.hpp"
#include "plugins/runner/abi_tables.hpp"

namespace quell::plugins {
namespace {

constexpr std::chrono::seconds kDestroyWithin{2};

// Loaded for the rest of the process's life, on purpose: dlclose of a C++ library may report success and leave it
// mapped, and the loader compares later libraries with the names of the ones it holds, so the descriptor's number
// must not be used again (PLUGIN-ABI.md 1.2). The same bytes are loaded once: a reload finds them again.
Result<const boost::dll::shared_library*> load_for_ever(const std::string& sha256, UniqueFd memory) {
    struct Kept {
        std::string sha256;
        UniqueFd memory;
        boost::dll::shared_library library;
    };
    static auto& kept = *new std::vector<std::unique_ptr<Kept>>;
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    for (const auto& entry : kept) {
        if (entry->sha256 == sha256 && entry->library.is_loaded()) {
            return &entry->library;
        }
    }
    auto made = std::make_unique<Kept>();
    made->sha256 = sha256;
    made->memory = std::move(memory);
    kept.push_back(std::move(made));  // also where loading fails half way
    Kept& entry = *kept.back();
    try {
        entry.library.load("/proc/self/fd/" + std::to_string(entry.memory.get()),
                           boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    } catch (const std::exception& failure) {
        return refused(std::string("the loader refused it: ") + failure.what());
    }
    return &entry.library;
}

Result<const quell_plugin*> find_table(const boost::dll::shared_library& library) {
    if (!library.has(QUELL_PLUGIN_ENTRY_NAME)) {
        return refused("it exports no " QUELL_PLUGIN_ENTRY_NAME);
    }
    const auto& entry = library.get<const quell_plugin*(std::uint32_t, std::uint32_t)>(QUELL_PLUGIN_ENTRY_NAME);
    const quell_plugin* plugin = entry(QUELL_ABI_MAJOR, QUELL_ABI_MINOR);
    if (const char* refusal = refusal_of(plugin)) {
        return refused(refusal);
    }
    return plugin;
}

// Runs plugin code; whatever it throws across the border ends here (PL-02).
template <class Function>
void guarded(Call& call, Function function) {
    try {
        function();
    } catch (...) {
        call.conclude({.kind = Outcome::Kind::failure, .failure = {.message = "The plugin threw across its border."}});
    }
}

}  // namespace

InProcessBackend::InProcessBackend(PluginId plugin, std::string manifest, std::string sha256, UniqueFd library,
                                   PluginLog& log)
    : id_(std::move(plugin)), manifest_(std::move(manifest)), sha256_(std::move(sha256)), library_(std::move(library)), log_(log) {}

void InProcessBackend::start() {
    const auto loaded = [this]() -> Result<const quell_plugin*> {
        TRY(const boost::dll::shared_library* library, load_for_ever(sha256_, std::move(library_)));
        TRY(const quell_plugin* plugin, find_table(*library));
        if (view(plugin->manifest) != manifest_) {
            return refused("its table holds another manifest than its file");
        }
        return plugin;
    }();
    if (loaded) {
        plugin_ = *loaded;
    } else {
        refusal_ = loaded.error()->message;
        log::error("plugin_not_loaded", {{"plugin", id_.str()}, {"reason", refusal_}});
    }
}

bool InProcessBackend::make_instance(Call& call, Outcome& refusal) {
    Instance& instance = call.instance;
    const std::unique_lock lock(instance.create, call.deadline());
    if (!lock) {
        refusal = {.kind = Outcome::Kind::failure,
                   .failure = {.status = Code::deadline_exceeded,
                               .message = "The plugin did not take the connector's settings in time."}};
        return false;
    }
    if (instance.in_process != nullptr) {
        return true;
    }
    auto host = std::make_unique<quell_host>(instance);
    quell_call border = {call, true};
    quell_instance* made = nullptr;
    std::int32_t status = QUELL_INTERNAL;
    guarded(call, [&] { status = plugin_->create(host.get(), &host_api(), &border, borrow(instance.config), &made); });
    refusal = call.take_outcome();  // create speaks through `fail`; a reply there means nothing
    if (status != QUELL_OK || made == nullptr) {
        if (refusal.kind != Outcome::Kind::failure) {
            refusal.failure = {.status = read_status(status),
                               .message = "The plugin refused its settings without saying why."};
        }
        refusal.kind = Outcome::Kind::not_created;
        return false;
    }
    instance.in_process = made;
    const std::lock_guard own(mutex_);
    hosts_.push_back(std::move(host));
    instances_.push_back(made);
    return true;
}

Outcome InProcessBackend::run(Call& call) {
    Outcome refusal;
    if (plugin_ == nullptr) {
        return Outcome::lost("The plugin is not loaded; `quell plugin list` says why.");
    }
    if (!make_instance(call, refusal)) {
        return refusal;
    }
    const quell_method method = find_method(*plugin_, call.capability, call.method);
    if (method == nullptr) {
        return {.kind = Outcome::Kind::failure,
                .failure = {.status = Code::unimplemented, .message = "The plugin does not have this method."}};
    }
    quell_call border = {call, call.options.read_only};
    guarded(call, [&] { method(call.instance.in_process, &border, borrow(call.request.reveal())); });
    return call.take_outcome();
}

void InProcessBackend::give_up(Call& call) {
    ++stuck_;
    log_.misuse("a call did not come back; its worker is lost until the host is restarted", &call.instance);
}

BackendStatus InProcessBackend::status() const {
    BackendStatus status;
    status.reason = refusal_;
    status.state = plugin_ != nullptr ? BackendStatus::State::ready : BackendStatus::State::failed;
    if (stuck_ > 0) {
        status.state = BackendStatus::State::unhealthy;
        status.reason = std::to_string(stuck_.load()) + " calls did not come back";
    }
    return status;
}

// On a thread that can be left behind: a destroy that hangs must not keep the host from ending (OP-04).
bool InProcessBackend::stop() {
    if (stuck_ > 0) {
        return false;  // somebody is still inside the plugin
    }
    std::packaged_task<std::size_t()> task([ending = take_instances()] { return destroy_all(ending); });
    auto thrown = task.get_future();
    std::thread(std::move(task)).detach();
    if (thrown.wait_for(kDestroyWithin) != std::future_status::ready) {
        log_.misuse("destroy did not come back", nullptr);
        return false;
    }
    if (thrown.get() > 0) {
        log_.misuse("destroy threw across the border", nullptr);
    }
    return true;
}

InProcessBackend::Ending InProcessBackend::take_instances() {
    const std::lock_guard lock(mutex_);
    return {plugin_, std::exchange(hosts_, {}), std::exchange(instances_, {})};
}

// How many threw.
std::size_t InProcessBackend::destroy_all(const Ending& ending) {
    std::size_t thrown = 0;
    for (quell_instance* instance : ending.instances) {
        try {
            ending.plugin->destroy(instance);
        } catch (...) {
            ++thrown;
        }
    }
    return thrown;
}

}  // namespace quell::plugins
