// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/io_threads.hpp"

#include <pthread.h>

#include "base/log.hpp"

namespace quell::app {
namespace {

// A coroutine root catches what a handler throws; what still arrives here is logged and the thread goes on.
void run(boost::asio::io_context& context) {
    pthread_setname_np(pthread_self(), "quell-io");
    while (!context.stopped()) {
        try {
            context.run();
        } catch (const std::exception& failure) {
            log::error("io_thread_threw", {{"what", failure.what()}});
        }
    }
}

}  // namespace

IoThreads::IoThreads(unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
        lanes_.push_back(std::make_unique<Lane>());
    }
}

std::vector<boost::asio::io_context*> IoThreads::contexts() const {
    std::vector<boost::asio::io_context*> contexts;
    for (const auto& lane : lanes_) {
        contexts.push_back(&lane->context);
    }
    return contexts;
}

void IoThreads::start() {
    for (const auto& lane : lanes_) {
        lane->thread = std::thread([context = &lane->context] { run(*context); });
    }
}

void IoThreads::stop() {
    for (const auto& lane : lanes_) {
        lane->context.stop();
    }
    for (const auto& lane : lanes_) {
        if (lane->thread.joinable()) {
            lane->thread.join();
        }
    }
}

}  // namespace quell::app
