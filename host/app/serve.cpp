// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/serve.hpp"

#include <malloc.h>
#include <sys/resource.h>

#include "app/host.hpp"

namespace quell::app {
namespace {

// A core file would hold the store's key, secrets and tokens.
void forbid_core_files() {
    const rlimit none{};
    ::setrlimit(RLIMIT_CORE, &none);
}

// Memory of large requests and answers goes back to the system when they are done; glibc would come to keep it.
void return_large_blocks() {
    ::mallopt(M_MMAP_THRESHOLD, 256 * 1024);
}

}  // namespace

Result<void> run_serve(const config::Settings& settings) {
    forbid_core_files();
    return_large_blocks();
    TRY(const auto host, Host::start(settings));
    host->run_until_stopped();
    return {};
}

}  // namespace quell::app
