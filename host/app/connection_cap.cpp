// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/connection_cap.hpp"

#include <sys/resource.h>

#include <algorithm>

#include "base/log.hpp"

namespace quell::app {
namespace {

// For the store, providers' connections, runners, the side doors and the sockets of the kernel's queue.
constexpr std::size_t kOwnFiles = 256;

std::size_t raised_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 1024;
    }
    const rlim_t before = std::exchange(limit.rlim_cur, limit.rlim_max);
    return static_cast<std::size_t>(setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before);
}

}  // namespace

std::size_t connection_cap(std::size_t wanted) {
    const std::size_t files = raised_limit();
    const std::size_t fit = files > 2 * kOwnFiles ? files - kOwnFiles : files / 2;
    if (fit < wanted) {
        log::warn("fewer_connections", {{"wanted", wanted}, {"allowed", fit}, {"open_files_limit", files}});
    }
    return std::min(wanted, fit);
}

}  // namespace quell::app
