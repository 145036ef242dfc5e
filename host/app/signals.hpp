// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

namespace quell::app {

// SIGTERM, SIGINT and SIGHUP are taken by one thread that waits for them. block_signals() before any thread is made.
void block_signals();

enum class Asked { stop, reload };

// Returns when one of them arrives: SIGHUP asks for a reload.
Asked wait_for_signal();

}  // namespace quell::app
