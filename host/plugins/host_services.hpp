// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/abi.h>

#include "plugins/call.hpp"

// What an in-process plugin holds as its host and as its call. The call lives on the worker's stack while the method
// runs; the host lives as long as the instance.
struct quell_host {
    quell::plugins::Instance& instance;
};

struct quell_call {
    quell::plugins::Call& call;
    const bool read_only;
};

namespace quell::plugins {

// The host services for in-process plugins. A runner has its own tables that send each request to the host, where it
// ends in the same functions: PluginLog, Call and perform_http.
const quell_host_api& host_api();

}  // namespace quell::plugins
