// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/abi.h>

#include "plugins/runner/channel.hpp"

// What a plugin holds as its host: the channel and the instance that it speaks for.
struct quell_host {
    quell::runner::Channel& channel;
    std::uint64_t instance;
};

namespace quell::runner {

// The host services as the plugin sees them; each is carried out by the host, but for the clock.
const quell_host_api& host_api();

}  // namespace quell::runner
