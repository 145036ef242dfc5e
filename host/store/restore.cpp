// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/restore.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/clock.hpp"
#include "store/sqlite_error.hpp"

namespace quell::store {
namespace {

namespace fs = std::filesystem;

fs::path beside(const fs::path& path, std::string_view suffix) { return fs::path(path.native() + std::string(suffix)); }

bool is_there(const fs::path& path) {
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0;
}

Error unreadable(const fs::path& path) {
    return invalid_arguments("The backup cannot be read: " + path.string() + ".").detail(std::strerror(errno));
}

Error cannot_place(const char* what, const fs::path& path) {
    return store_unavailable("The backup cannot be put in the store's place.",
                             std::string(what) + " " + path.string() + ": " + std::strerror(errno));
}

class Descriptor {
  public:
    explicit Descriptor(int value) : value_(value) {}
    Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (value_ >= 0) {
            ::close(value_);
        }
    }
    int get() const { return value_; }

  private:
    int value_;
};

Result<void> write_all(int to, const char* bytes, std::size_t count, const fs::path& path) {
    while (count > 0) {
        const ssize_t written = ::write(to, bytes, count);
        if (written <= 0) {
            return cannot_place("write", path);
        }
        bytes += written;
        count -= static_cast<std::size_t>(written);
    }
    return {};
}

// Without waiting for whoever writes into a pipe.
Result<Descriptor> open_backup(const fs::path& path) {
    Descriptor backup(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat info {};
    if (backup.get() < 0 || ::fstat(backup.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
        return unreadable(path);
    }
    return backup;
}

Result<void> copy_bytes(const Descriptor& in, const fs::path& from, const fs::path& to) {
    // Written over, not made anew: one that is there marks a restore that was interrupted.
    const Descriptor out(::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (out.get() < 0) {
        return cannot_place("open", to);
    }
    std::array<char, 1 << 16> buffer;
    ssize_t count = 0;
    while ((count = ::read(in.get(), buffer.data(), buffer.size())) > 0) {
        TRY_VOID(write_all(out.get(), buffer.data(), static_cast<std::size_t>(count), to));
    }
    if (count < 0) {
        return unreadable(from);
    }
    return ::fsync(out.get()) == 0 ? Result<void>() : Result<void>(cannot_place("fsync", to));
}

void remove_beside(const fs::path& copy) {
    for (const char* suffix : {"-wal", "-shm", "-journal", ".lock"}) {
        ::unlink(beside(copy, suffix).c_str());
    }
}

void remove_copy(const fs::path& copy) {
    remove_beside(copy);
    ::unlink(copy.c_str());
}

// "quell.db.before-restore-2026-01-31T10:00:00Z"; a second one in the same second gets a number.
fs::path free_name(const fs::path& path) {
    const fs::path wanted = beside(path, ".before-restore-" + to_rfc3339(wall_now()));
    fs::path name = wanted;
    for (int i = 2; is_there(name); ++i) {
        name = beside(wanted, "-" + std::to_string(i));
    }
    return name;
}

Result<void> move(const fs::path& from, const fs::path& to) {
    if (is_there(from) && ::rename(from.c_str(), to.c_str()) != 0) {
        return cannot_place("rename", from);
    }
    return {};
}

Result<void> sync_directory(const fs::path& directory) {
    const Descriptor descriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.get() < 0 || ::fsync(descriptor.get()) != 0) {
        return cannot_place("fsync", directory);
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<Restore>> Restore::begin(const fs::path& store, const fs::path& backup) {
    TRY(auto file, StoreFile::acquire(store));
    std::error_code ignored;
    if (fs::equivalent(file->path(), backup, ignored)) {
        return invalid_arguments("The backup is the store itself.");
    }
    // A log holds what the file does not: such a copy was taken with cp from a running host.
    if (is_there(beside(backup, "-wal"))) {
        return invalid_arguments("The backup has a write-ahead log beside it: it was not made by `quell backup`.");
    }
    TRY(const Descriptor source, open_backup(backup));
    const fs::path copy = beside(file->path(), kRestoringSuffix);
    const bool interrupted = is_there(copy) && !is_there(file->path());
    remove_beside(copy);
    std::unique_ptr<Restore> restore(new Restore(std::move(file), copy, interrupted));
    TRY_VOID(copy_bytes(source, backup, copy));
    return restore;
}

Restore::~Restore() {
    if (!store_is_aside_ || is_there(file_->path())) {
        remove_copy(copy_);
    }
}

Result<std::optional<fs::path>> Restore::put_in_place() {
    if (is_there(beside(copy_, "-wal"))) {
        return internal_error("the copy is still open");
    }
    const fs::path& store = file_->path();
    const fs::path aside = free_name(store);
    const bool was_there = is_there(store);
    store_is_aside_ = store_is_aside_ || was_there;
    // The log goes with its file: beside the new one it would be taken for its own.
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
        TRY_VOID(move(beside(store, suffix), beside(aside, suffix)));
    }
    TRY_VOID(sync_directory(store.parent_path()));
    ::unlink(beside(copy_, ".lock").c_str());
    if (::rename(copy_.c_str(), store.c_str()) != 0) {
        return cannot_place("rename", copy_);
    }
    TRY_VOID(sync_directory(store.parent_path()));
    return was_there ? std::optional(aside) : std::nullopt;
}

Result<void> end_all_access(Transaction& transaction) {
    for (const char* sql : {"DELETE FROM access_tokens", "DELETE FROM refresh_tokens", "DELETE FROM authorization_codes",
                            "DELETE FROM token_families", "DELETE FROM login_sessions", "DELETE FROM api_keys"}) {
        TRY_VOID(transaction.run(sql));
    }
    return {};
}

}  // namespace quell::store
