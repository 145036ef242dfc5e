// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/signals.hpp"

#include <csignal>
#include <pthread.h>

namespace quell::app {
namespace {

sigset_t our_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    return signals;
}

}  // namespace

void block_signals() {
    const sigset_t signals = our_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    // A client or a runner that goes away is an error code, never the end of the host.
    std::signal(SIGPIPE, SIG_IGN);
}

Asked wait_for_signal() {
    const sigset_t signals = our_signals();
    int taken = 0;
    while (sigwait(&signals, &taken) != 0) {
    }
    return taken == SIGHUP ? Asked::reload : Asked::stop;
}

}  // namespace quell::app
