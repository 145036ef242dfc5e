// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>

#include "plugins/runner/sandbox.hpp"

namespace quell::runner {
namespace {

// The kernel's struct of ABI 6; older kernels take its beginning. Debian 12's header ends at ABI 2.
struct RulesetAttributes {
    std::uint64_t files = 0;
    std::uint64_t network = 0;
    std::uint64_t scoped = 0;
};

constexpr std::uint64_t kFilesAbi1 = (1ULL << 13) - 1;
constexpr std::uint64_t kRefer = 1ULL << 13;        // ABI 2
constexpr std::uint64_t kTruncate = 1ULL << 14;     // ABI 3
constexpr std::uint64_t kTcpBindConnect = 3;        // ABI 4
constexpr std::uint64_t kIoctlDevice = 1ULL << 15;  // ABI 5
constexpr std::uint64_t kScopeSocketsAndSignals = 3;  // ABI 6

// Where the loader finds a plugin's libraries. The plugin itself is a descriptor without a path, which
// Landlock does not judge.
constexpr std::array kLibraryDirectories = {"/lib", "/lib64", "/usr/lib", "/usr/lib64"};

int landlock_abi() {
    const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return abi < 0 ? 0 : static_cast<int>(abi);
}

RulesetAttributes all_rights(int abi) {
    RulesetAttributes all;
    all.files = kFilesAbi1 | (abi >= 2 ? kRefer : 0) | (abi >= 3 ? kTruncate : 0) | (abi >= 5 ? kIoctlDevice : 0);
    all.network = abi >= 4 ? kTcpBindConnect : 0;
    all.scoped = abi >= 6 ? kScopeSocketsAndSignals : 0;
    return all;
}

std::size_t known_size(int abi) {
    return abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
}

// A directory that this system does not have is no loss.
void allow_reading(int ruleset, const char* directory) {
    const int fd = ::open(directory, O_PATH | O_CLOEXEC);
    if (fd < 0) {
        return;
    }
    landlock_path_beneath_attr rule{};
    rule.allowed_access = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    rule.parent_fd = fd;
    ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    ::close(fd);
}

}  // namespace

int restrict_files() {
    const int abi = landlock_abi();
    if (abi == 0) {
        return 0;
    }
    const RulesetAttributes attributes = all_rights(abi);
    const long made = ::syscall(SYS_landlock_create_ruleset, &attributes, known_size(abi), 0);
    if (made < 0) {
        return 0;
    }
    const int ruleset = static_cast<int>(made);
    for (const char* directory : kLibraryDirectories) {
        allow_reading(ruleset, directory);
    }
    const bool restricted = ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    ::close(ruleset);
    return restricted ? abi : 0;
}

}  // namespace quell::runner
