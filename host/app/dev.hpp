// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "config/settings.hpp"
#include "json/value.hpp"

namespace quell::app {

struct DevOptions {
    std::uint16_t port = 0;            // 0: a free one
    std::filesystem::path ready_file;  // empty: none
    std::filesystem::path simulators;  // empty: those of the installation
    config::Isolation isolation = config::Isolation::process;
};

// `quell dev`: a host with temporary state, the shipped plugins and provider simulators, users and clients to try it
// with. Writes the ready file of INTERFACES.md 4, prints what to try, runs until SIGTERM or SIGINT, and leaves nothing
// behind. `print` gets the text for people.
Result<void> run_dev(const DevOptions& options, const std::function<void(std::string_view)>& print);

}  // namespace quell::app
