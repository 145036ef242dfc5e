// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// [api].

#include "config/read_settings.hpp"

namespace quell::config {

void read_api(TableReader& root, ApiSettings& out) {
    auto table = root.table("api");
    if (!table)
        return;
    table->read("calls_per_minute", out.calls_per_minute, 1, 1'000'000);
    table->refuse_unknown_keys();
}

}  // namespace quell::config
