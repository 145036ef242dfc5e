// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

namespace quell::app {

// SIGTERM and SIGINT are taken by one thread that waits for them. block() before any thread is made.
void block_stop_signals();

// Returns when one of them arrives.
void wait_for_stop_signal();

}  // namespace quell::app
