// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "store/statement.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace quell::store {

// One SQLite connection with the settings of CASES.md 4 and a cache of prepared statements.
// Used by one thread at a time; moving it between threads needs a lock in between.
class Connection {
  public:
    enum class Mode { read_only, read_write };

    static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& path, Mode mode);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    // The cached statement for this text; a second use while the first is open gets one of its own.
    Result<Cursor> prepare(std::string_view sql);
    // One or more statements without parameters or results: schema, BEGIN, pragmas.
    Result<void> execute(const std::string& sql);
    // The single value that a pragma or query answers with.
    Result<std::string> value_of(const std::string& sql);

    // Translates a failed code and remembers whether it was fatal.
    Error failure(int code);
    bool has_fatal_failure() const { return fatal_; }
    const Error& last_failure() const { return last_failure_; }
    bool in_transaction() const;
    std::int64_t changes() const;        // by the last statement
    std::int64_t total_changes() const;  // since it was opened, undone ones too
    sqlite3* handle() const { return database_; }

  private:
    struct Cached {
        sqlite3_stmt* statement = nullptr;
        bool in_use = false;
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    explicit Connection(sqlite3* database) : database_(database) {}
    Result<void> configure(Mode mode);
    Result<sqlite3_stmt*> compile(std::string_view sql, bool keep);

    sqlite3* database_;
    bool fatal_ = false;
    Error last_failure_ = internal_error("no statement has failed");
    std::unordered_map<std::string, Cached, TextHash, std::equal_to<>> cache_;
};

}  // namespace quell::store
