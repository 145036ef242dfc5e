// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/runner/sandbox.hpp"

#include <linux/capability.h>
#include <malloc.h>
#include <csignal>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

namespace quell::runner {
namespace {

constexpr rlim_t kOpenFiles = 64;
constexpr std::size_t kStack = 1024 * 1024;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

bool limit(int resource, rlim_t value) {
    const rlimit both = {value, value};
    return ::setrlimit(static_cast<__rlimit_resource>(resource), &both) == 0;
}

// A host that runs as root keeps its powers to itself.
bool drop_capabilities() {
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> none{};
    return ::syscall(SYS_capset, &header, none.data()) == 0;
}

// So that RLIMIT_DATA measures what the plugin uses and not what glibc sets aside for threads.
void keep_memory_small() {
    ::mallopt(M_ARENA_MAX, 2);
    pthread_attr_t attributes;
    ::pthread_attr_init(&attributes);
    ::pthread_attr_setstacksize(&attributes, kStack);
    ::pthread_setattr_default_np(&attributes);
    ::pthread_attr_destroy(&attributes);
}

bool set_limits(const Options& options, SandboxReport& report) {
    keep_memory_small();
    if (!limit(RLIMIT_CORE, 0) || !limit(RLIMIT_NOFILE, kOpenFiles) || !limit(RLIMIT_MEMLOCK, 0) ||
        !limit(RLIMIT_MSGQUEUE, 0)) {
        return false;
    }
    if (kSanitized) {
        return true;  // shadow memory is counted as data (INTERFACES.md 6)
    }
    report.memory_mb = options.memory_mb;
    return limit(RLIMIT_DATA, options.memory_mb << 20);
}

bool shed_privileges() {
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && drop_capabilities() &&
           ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

}  // namespace

Json SandboxReport::to_json() const {
    return {{"landlock", landlock_abi}, {"seccomp", seccomp}, {"memory_mb", memory_mb}};
}

SandboxReport confine(const Options& options) {
    // The signal first: a parent that ends in between is then seen by the comparison (INTERFACES.md 6).
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (::getppid() != options.parent) {
        ::_exit(0);
    }
    SandboxReport report;
    if (!set_limits(options, report)) {
        report.refusal = "the runner's resource limits could not be set";
        return report;
    }
    if (options.sandbox == Sandbox::off) {
        return report;
    }
    if (!shed_privileges()) {
        report.refusal = "the runner could not give up its privileges";
        return report;
    }
    report.landlock_abi = restrict_files();
    report.seccomp = restrict_syscalls();
    if (!report.seccomp) {
        // PLUGIN-ABI.md 2.7: without seccomp nothing holds the plugin; only `off`, written out, may say so.
        report.refusal = "this kernel offers no seccomp filter; sandbox = \"off\" would run the plugin without";
    } else if (report.landlock_abi == 0 && options.sandbox == Sandbox::required) {
        report.refusal = "this kernel offers no Landlock; sandbox = \"best\" would run the plugin without";
    }
    return report;
}

}  // namespace quell::runner
