// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/connection.hpp"

#include <sqlite3.h>

#include <mutex>

#include "store/sqlite_error.hpp"

namespace quell::store {
namespace {

constexpr int kBusyMillis = 2'000;

// A savepoint's journal below this stays in memory, as one piece; a larger one goes to a temporary file.
constexpr int kSavepointBytes = 1 << 20;

// Before the library's first use. No shared allocation counters: they are a global lock for each malloc.
void configure_library() {
    static std::once_flag once;
    std::call_once(once, [] {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, kSavepointBytes);
        sqlite3_initialize();
    });
}

// wal_autocheckpoint is off because the writer alone checkpoints: this SQLite lacks the fix for a checkpoint
// that runs beside a writer which resets the log (CASES.md 4).
constexpr const char* kWriterPragmas =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA journal_size_limit = 67108864;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA cache_size = -8000;";
constexpr const char* kReaderPragmas = "PRAGMA query_only = ON; PRAGMA cache_size = -2000;";
constexpr const char* kCommonPragmas =
    "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;";

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& path, Mode mode) {
    configure_library();
    // Never SQLITE_OPEN_CREATE: a file that is gone is an error, not a reason for an empty one (DU-05).
    const int access = mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    sqlite3* database = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &database,
                                     access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
                                     nullptr);
    std::unique_ptr<Connection> connection(new Connection(database));
    if (code != SQLITE_OK) {
        return connection->failure(code);
    }
    TRY_VOID(connection->configure(mode));
    return connection;
}

Result<void> Connection::configure(Mode mode) {
    sqlite3_busy_timeout(database_, kBusyMillis);
    sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    TRY_VOID(execute(kCommonPragmas));
    return execute(mode == Mode::read_only ? kReaderPragmas : kWriterPragmas);
}

Connection::~Connection() {
    for (auto& [text, cached] : cache_) {
        sqlite3_finalize(cached.statement);
    }
    sqlite3_close(database_);
}

Result<sqlite3_stmt*> Connection::compile(std::string_view sql, bool keep) {
    sqlite3_stmt* statement = nullptr;
    const unsigned flags = keep ? SQLITE_PREPARE_PERSISTENT : 0;
    const int code =
        sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), flags, &statement, nullptr);
    if (code != SQLITE_OK) {
        return failure(code);
    }
    return statement;
}

Result<Cursor> Connection::prepare(std::string_view sql) {
    auto found = cache_.find(sql);
    if (found == cache_.end()) {
        TRY(sqlite3_stmt* const statement, compile(sql, true));
        found = cache_.emplace(std::string(sql), Cached{.statement = statement}).first;
    }
    Cached& cached = found->second;
    if (cached.in_use) {
        TRY(sqlite3_stmt* const statement, compile(sql, false));
        return Cursor(*this, statement, nullptr);
    }
    cached.in_use = true;
    return Cursor(*this, cached.statement, &cached.in_use);
}

Result<void> Connection::execute(const std::string& sql) {
    const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return failure(code);
    }
    return {};
}

Result<std::string> Connection::value_of(const std::string& sql) {
    TRY(Cursor cursor, prepare(sql));
    TRY(const bool found, cursor.step());
    return found ? cursor.row().text(0) : std::string();
}

Error Connection::failure(int code) {
    fatal_ = fatal_ || is_fatal(database_, code);
    last_failure_ = sqlite_error(database_, code);
    return last_failure_;
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }

std::int64_t Connection::changes() const { return sqlite3_changes64(database_); }

std::int64_t Connection::total_changes() const { return sqlite3_total_changes64(database_); }

}  // namespace quell::store
