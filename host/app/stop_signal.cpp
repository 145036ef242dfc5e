// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/stop_signal.hpp"

#include <csignal>
#include <pthread.h>

namespace quell::app {
namespace {

sigset_t stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

}  // namespace

void block_stop_signals() {
    const sigset_t signals = stop_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    // A client or a runner that goes away is an error code, never the end of the host.
    std::signal(SIGPIPE, SIG_IGN);
}

void wait_for_stop_signal() {
    const sigset_t signals = stop_signals();
    int taken = 0;
    while (sigwait(&signals, &taken) != 0) {
    }
}

}  // namespace quell::app
