// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/retirement.hpp"

#include <chrono>

#include "app/deployment.hpp"
#include "base/log.hpp"

namespace quell::app {
namespace {

constexpr std::chrono::milliseconds kLookEvery{20};

void end(std::shared_ptr<Deployment> deployment) {
    if (!deployment->registry.stop()) {
        // A thread is stuck inside a plugin's code: what it uses must not be destroyed.
        log::warn("plugin_code_did_not_come_back");
        static_cast<void>(*new std::shared_ptr<Deployment>(std::move(deployment)));
    }
}

}  // namespace

void Retirement::retire(std::shared_ptr<Deployment> deployment) {
    endings_.remove_if([](const Ending& ending) { return ending.over.load(); });
    Ending& ending = endings_.emplace_back();
    ending.thread = std::jthread([&over = ending.over, held = std::move(deployment)](const std::stop_token& stop) mutable {
        // Nobody can take hold of it any more, so a count of one stays one.
        while (held.use_count() > 1 && !stop.stop_requested()) {
            std::this_thread::sleep_for(kLookEvery);
        }
        end(std::move(held));
        over = true;
    });
}

void Retirement::stop() {
    for (Ending& ending : endings_) {
        ending.thread.request_stop();
    }
    endings_.clear();
}

}  // namespace quell::app
