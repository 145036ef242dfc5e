// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/catalog.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "crypto/digest.hpp"
#include "plugins/elf.hpp"
#include "plugins/refusal.hpp"

namespace quell::plugins {
namespace {

constexpr std::size_t kMaxFile = std::size_t{64} << 20;
constexpr std::size_t kMaxManifest = 256 * 1024;
constexpr unsigned kNoExecSeal = 0x0008U;  // MFD_NOEXEC_SEAL, Linux 6.3; dlopen maps such a file all the same

std::string reason(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

// What only root and this user can have written.
bool is_trusted(const struct stat& status) {
    return (status.st_uid == 0 || status.st_uid == ::geteuid()) && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

Result<UniqueFd> open_directory(const std::filesystem::path& directory) {
    UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    struct stat status{};
    if (!fd.valid() || ::fstat(fd.get(), &status) != 0) {
        return refused(reason("the plugin directory cannot be opened"));
    }
    if (!is_trusted(status)) {
        return refused("the plugin directory may be written by others than its owner, or belongs to another user");
    }
    return fd;
}

Result<UniqueFd> open_regular(int directory, const std::filesystem::path& path) {
    // O_NONBLOCK: a pipe of that name must not hold the host.
    UniqueFd fd(::openat(directory, path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!fd.valid()) {
        return refused(errno == ELOOP ? "the file is a symbolic link" : reason("the file cannot be opened"));
    }
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return refused("the file is not a regular file");
    }
    if (status.st_size < 0 || static_cast<std::size_t>(status.st_size) > kMaxFile) {
        return refused("the file is larger than 64 MiB");
    }
    return fd;
}

Result<void> check_owner(const UniqueFd& fd) {
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0 || !is_trusted(status)) {
        return refused("the file may be written by others than its owner, or belongs to another user");
    }
    return {};
}

// To the end, whatever fstat said, but never beyond the cap.
Result<std::string> read_all(const UniqueFd& fd, std::size_t expected) {
    std::string bytes(expected + 1, '\0');
    std::size_t filled = 0;
    for (;;) {
        const ssize_t count = ::read(fd.get(), bytes.data() + filled, bytes.size() - filled);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return refused(reason("the file cannot be read"));
        }
        if (count == 0) {
            break;
        }
        filled += static_cast<std::size_t>(count);
        if (filled > kMaxFile) {
            return refused("the file is larger than 64 MiB");
        }
        if (filled == bytes.size()) {
            bytes.resize(std::min(bytes.size() * 2, kMaxFile + 1));
        }
    }
    bytes.resize(filled);
    return bytes;
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) {
            return false;
        }
        bytes.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    return true;
}

Result<UniqueFd> seal(const std::string& name, std::string_view bytes) {
    constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    UniqueFd fd(::memfd_create(name.c_str(), kFlags | kNoExecSeal));
    if (!fd.valid()) {
        fd = UniqueFd(::memfd_create(name.c_str(), kFlags));
    }
    constexpr int kSeals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (!fd.valid() || !write_all(fd.get(), bytes) || ::fcntl(fd.get(), F_ADD_SEALS, kSeals) != 0) {
        return refused(reason("the file cannot be sealed in memory"));
    }
    return fd;
}

// Authors in C may leave the string's terminating NUL in the section.
std::string_view without_nul(std::string_view text) {
    while (!text.empty() && text.back() == '\0') {
        text.remove_suffix(1);
    }
    return text;
}

Result<PluginFile> read_plugin(const UniqueFd& fd, std::string name) {
    struct stat status{};
    ::fstat(fd.get(), &status);
    TRY(const std::string bytes, read_all(fd, static_cast<std::size_t>(status.st_size)));
    TRY(const std::string_view section, find_section(bytes, ".quell.manifest"));
    if (section.size() > kMaxManifest) {
        return refused("the manifest is larger than 256 KiB");
    }
    PluginFile file;
    file.name = std::move(name);
    file.sha256 = crypto::sha256_hex(bytes);
    file.manifest = without_nul(section);
    file.size = bytes.size();
    TRY(file.memory, seal(file.name, bytes));
    return file;
}

}  // namespace

Result<PluginFile> open_plugin(const std::filesystem::path& directory, const std::filesystem::path& library) {
    TRY(const UniqueFd folder, open_directory(directory));
    if (library.empty() || library.has_parent_path() || library == "." || library == "..") {
        return refused("`library` must be the name of a file in the plugin directory, without a path");
    }
    TRY(const UniqueFd fd, open_regular(folder.get(), library));
    TRY_VOID(check_owner(fd));
    return read_plugin(fd, library.string());
}

Result<PluginFile> inspect_plugin(const std::filesystem::path& file) {
    TRY(const UniqueFd fd, open_regular(AT_FDCWD, file));
    return read_plugin(fd, file.filename().string());
}

Result<PluginFile> open_pinned(const std::filesystem::path& directory, const std::filesystem::path& library,
                               const std::string& sha256) {
    TRY(PluginFile file, open_plugin(directory, library));
    if (sha256.empty()) {
        return refused("the plugin has no sha256 pin; look at the file and then run: quell plugin pin");
    }
    if (sha256 != file.sha256) {
        return refused("the file's digest " + file.sha256 + " is not the pinned one; if you replaced the file, run: " +
                       "quell plugin pin");
    }
    return file;
}

}  // namespace quell::plugins
