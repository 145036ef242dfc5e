// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/store_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>

#include "base/log.hpp"
#include "store/connection.hpp"
#include "store/migrations.hpp"
#include "store/sqlite_error.hpp"

namespace quell::store {
namespace {

namespace fs = std::filesystem;

Error refused(std::string message, std::string detail) {
    return Error(Code::failed_precondition, "store_unavailable", std::move(message)).detail(std::move(detail));
}

Error system_failure(const char* what, const fs::path& path) {
    return store_unavailable("The store's file or its directory cannot be used.",
                             std::string(what) + " " + path.string() + ": " + std::strerror(errno));
}

fs::path beside(const fs::path& path, std::string_view suffix) { return fs::path(path.native() + std::string(suffix)); }

Result<void> refuse_network(const fs::path& directory) {
    struct statfs info {};
    if (::statfs(directory.c_str(), &info) != 0) {
        return system_failure("statfs", directory);
    }
    if (is_network_file_system(static_cast<long>(info.f_type))) {
        return refused("The store is on a network file system, where its locks do not hold. Use a local disk.",
                       directory.string());
    }
    return {};
}

Result<int> take_lock(const fs::path& path) {
    const fs::path lock_path = beside(path, ".lock");
    const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0) {
        return system_failure("open", lock_path);
    }
    if (::flock(lock, LOCK_EX | LOCK_NB) == 0) {
        return lock;
    }
    const bool held = errno == EWOULDBLOCK;
    Error error = held ? refused("Another Quell process uses the store.", lock_path.string())
                             .next_step("Talk to the running host over its admin socket, or stop it first.")
                       : system_failure("flock", lock_path);
    ::close(lock);
    return error;
}

bool is_there(const fs::path& path) {
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0;
}

std::uint32_t big_endian(const std::array<unsigned char, 100>& header, std::size_t at) {
    return std::uint32_t{header[at]} << 24U | std::uint32_t{header[at + 1]} << 16U |
           std::uint32_t{header[at + 2]} << 8U | header[at + 3];
}

// SQLite pads a cut last page with zeros, which a check of the content may take for good. So the file's length is
// compared with its header (file format 1.3.2 and 1.3.7) while no log says otherwise.
Result<void> refuse_cut(const fs::path& path, std::uint64_t size) {
    struct stat log {};
    if (::stat(beside(path, "-wal").c_str(), &log) == 0 && log.st_size > 0) {
        return {};
    }
    std::array<unsigned char, 100> header{};
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    const bool whole = descriptor >= 0 && ::pread(descriptor, header.data(), header.size(), 0) == 100;
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    const std::uint64_t page = std::uint64_t{header[16]} << 8U | header[17];
    const std::uint64_t expected = (page == 1 ? 65'536 : page) * big_endian(header, 28);
    if (!whole || size != expected) {
        return store_damaged(path.string() + " has " + std::to_string(size) + " bytes");
    }
    return {};
}

// The owner alone may read it, whatever a copy or a restored backup brought along.
Result<void> inspect(const fs::path& path) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) {
        return system_failure("lstat", path);
    }
    if (!S_ISREG(info.st_mode)) {
        return refused("The store is not a plain file.", path.string());
    }
    if ((info.st_mode & 0077) != 0) {
        if (::chmod(path.c_str(), 0600) != 0) {
            return system_failure("chmod", path);
        }
        log::warn("store_mode_tightened", {{"file", path.string()}});
    }
    return refuse_cut(path, static_cast<std::uint64_t>(info.st_size));
}

Result<void> sync_directory(const fs::path& directory) {
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    Result<void> result = synced ? Result<void>() : Result<void>(system_failure("fsync", directory));
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    return result;
}

Result<void> create_empty(const fs::path& path) {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
        ::unlink(beside(path, suffix).c_str());
    }
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        return system_failure("open", path);
    }
    ::close(descriptor);
    return {};
}

// Closing the only connection moves the whole log into the file and syncs it.
Result<void> fill(const fs::path& path) {
    TRY(auto connection, Connection::open(path, Connection::Mode::read_write));
    return migrate(*connection);
}

}  // namespace

bool is_network_file_system(long type) {
    // linux/magic.h and the file systems' own headers: NFS, SMB, CIFS, SMB2, NCP, Coda, AFS (two), 9P, Ceph, Lustre,
    // GPFS, OCFS2, GFS2, and FUSE, behind which a network is likely.
    constexpr std::array<std::uint32_t, 15> kTypes = {0x6969,     0x517B,     0xFF534D42, 0xFE534D42, 0x564C,
                                                      0x73757245, 0x5346414F, 0x6B414653, 0x01021997, 0x00C36400,
                                                      0x0BD00BD0, 0x47504653, 0x7461636F, 0x01161970, 0x65735546};
    return std::find(kTypes.begin(), kTypes.end(), static_cast<std::uint32_t>(type)) != kTypes.end();
}

Result<std::unique_ptr<StoreFile>> StoreFile::acquire(const fs::path& path) {
    std::error_code failed;
    const fs::path directory = fs::canonical(path.has_parent_path() ? path.parent_path() : ".", failed);
    if (failed || !path.has_filename()) {
        return refused("The store's directory does not exist.", path.string());
    }
    TRY_VOID(refuse_network(directory));
    const fs::path resolved = directory / path.filename();
    TRY(const int lock, take_lock(resolved));
    return std::unique_ptr<StoreFile>(new StoreFile(resolved, lock));
}

StoreFile::~StoreFile() { ::close(lock_); }

Result<void> StoreFile::make_if_missing() const {
    // Before anything else: in the middle of a restore there may be no file at all, and that is no new installation.
    if (is_there(beside(path_, kRestoringSuffix))) {
        return refused("A restore of the store was interrupted.", path_.string())
            .next_step("Run `quell restore FILE` again with the same backup.");
    }
    if (is_there(path_)) {
        return inspect(path_);
    }
    if (is_there(beside(path_, "-wal"))) {
        return store_damaged(path_.string() + " is gone but its log is there");
    }
    const fs::path fresh = beside(path_, ".new");
    TRY_VOID(create_empty(fresh));
    TRY_VOID(fill(fresh));
    if (is_there(beside(fresh, "-wal")) || ::rename(fresh.c_str(), path_.c_str()) != 0) {
        return system_failure("rename", path_);
    }
    return sync_directory(path_.parent_path());
}

}  // namespace quell::store
