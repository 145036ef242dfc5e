// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/backup.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "store/connection.hpp"
#include "store/sqlite_error.hpp"

namespace quell::store {
namespace {

namespace fs = std::filesystem;

Error cannot_write(const char* what, const fs::path& path) {
    return Error(Code::failed_precondition, "invalid_arguments", "The backup's file cannot be written.")
        .next_step("Name a new file in a folder that the host's user may write and whose disk has room.")
        .detail(std::string(what) + " " + path.string() + ": " + std::strerror(errno));
}

Error is_there(const fs::path& path) {
    return Error(Code::already_exists, "invalid_arguments", path.string() + " exists. A backup never replaces a file.")
        .next_step("Name a new file.");
}

// A file under a passing name, gone again unless it was published.
class NewFile {
  public:
    static Result<NewFile> make(const fs::path& target) {
        NewFile file(fs::path(target.native() + ".partial"));
        const int descriptor = ::open(file.path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (descriptor < 0) {
            const Error failed = errno == EEXIST ? is_there(file.path_) : cannot_write("open", file.path_);
            file.path_.clear();
            return failed;
        }
        ::close(descriptor);
        return file;
    }
    NewFile(NewFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    NewFile& operator=(NewFile&&) = delete;
    ~NewFile() {
        if (!path_.empty()) {
            ::unlink(path_.c_str());
        }
    }

    const fs::path& path() const { return path_; }

    // On disk and under its own name, or not at all.
    Result<std::uint64_t> publish(const fs::path& target) {
        struct stat info {};
        TRY_VOID(sync(path_, O_RDONLY));
        if (::stat(path_.c_str(), &info) != 0) {
            return cannot_write("stat", path_);
        }
        if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) != 0) {
            return errno == EEXIST ? is_there(target) : cannot_write("rename", target);
        }
        path_.clear();
        TRY_VOID(sync(target.parent_path(), O_RDONLY | O_DIRECTORY));
        return static_cast<std::uint64_t>(info.st_size);
    }

  private:
    explicit NewFile(fs::path path) : path_(std::move(path)) {}

    static Result<void> sync(const fs::path& path, int flags) {
        const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
        const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
        Result<void> result = synced ? Result<void>() : Result<void>(cannot_write("fsync", path));
        if (descriptor >= 0) {
            ::close(descriptor);
        }
        return result;
    }

    fs::path path_;
};

struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Copy = std::unique_ptr<sqlite3, Close>;

Result<Copy> open_copy(const fs::path& path) {
    sqlite3* database = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    Copy copy(database);
    if (code != SQLITE_OK) {
        return sqlite_error(database, code);
    }
    return copy;
}

Result<void> execute(sqlite3* database, const char* sql) {
    const int code = sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? Result<void>() : Result<void>(sqlite_error(database, code));
}

// All pages in one step: one read transaction, so the copy is of one moment and no writer makes it start again.
Result<void> copy_pages(Connection& live, sqlite3* copy) {
    sqlite3_backup* const backup = sqlite3_backup_init(copy, "main", live.handle(), "main");
    if (!backup) {
        return sqlite_error(copy, sqlite3_extended_errcode(copy));
    }
    const int stepped = sqlite3_backup_step(backup, -1);
    const int finished = sqlite3_backup_finish(backup);
    if (stepped != SQLITE_DONE || finished != SQLITE_OK) {
        return sqlite_error(copy, finished != SQLITE_OK ? finished : stepped);
    }
    return {};
}

// One file without a log beside it, and its pages as they should be.
Result<void> complete(const fs::path& path) {
    TRY(const Copy copy, open_copy(path));
    TRY_VOID(execute(copy.get(), "PRAGMA journal_mode = DELETE"));
    std::string verdict;
    const auto keep = [](void* to, int, char** values, char**) {
        *static_cast<std::string*>(to) = values[0] ? values[0] : "";
        return 0;
    };
    const int code = sqlite3_exec(copy.get(), "PRAGMA quick_check(1)", keep, &verdict, nullptr);
    if (code != SQLITE_OK || verdict != "ok") {
        return store_damaged("the copy: " + (code != SQLITE_OK ? sqlite3_errmsg(copy.get()) : verdict));
    }
    return {};
}

}  // namespace

Result<std::uint64_t> back_up(const fs::path& live, const fs::path& target) {
    struct stat info {};
    if (::lstat(target.c_str(), &info) == 0) {
        return is_there(target);
    }
    TRY(NewFile file, NewFile::make(target));
    {
        TRY(const auto source, Connection::open(live, Connection::Mode::read_only));
        TRY(const Copy copy, open_copy(file.path()));
        // A copy that is cut short is thrown away, so it needs no journal; it is synced once, at the end.
        TRY_VOID(execute(copy.get(), "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"));
        TRY_VOID(copy_pages(*source, copy.get()));
    }
    TRY_VOID(complete(file.path()));
    return file.publish(target);
}

}  // namespace quell::store
