// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"

struct sqlite3_stmt;

namespace quell::store {

class Connection;
using crypto::Digest;

// Bytes for a BLOB column; every other string is text.
struct Blob {
    std::string_view bytes;
};

// One value for a `?` of a statement. It borrows strings, so it lives no longer than the call it is made for.
class Parameter {
  public:
    enum class Kind : std::uint8_t { null, integer, text, blob };

    Parameter(std::nullopt_t) {}
    template <std::integral T>
    Parameter(T value) : kind_(Kind::integer), integer_(static_cast<std::int64_t>(value)) {}
    Parameter(WallTime value) : Parameter(unix_millis(value)) {}
    Parameter(std::string_view value) : kind_(Kind::text), bytes_(value) {}
    Parameter(const std::string& value) : Parameter(std::string_view(value)) {}
    Parameter(const char* value) : Parameter(std::string_view(value)) {}
    template <class Tag>
    Parameter(const StrongId<Tag>& id) : Parameter(std::string_view(id.str())) {}
    Parameter(Blob value) : kind_(Kind::blob), bytes_(value.bytes) {}
    Parameter(const Digest& value) : Parameter(Blob{crypto::as_text(value)}) {}
    template <class T>
    Parameter(const std::optional<T>& value) {
        if (value) {
            *this = Parameter(*value);
        }
    }

    Kind kind() const { return kind_; }
    std::int64_t integer() const { return integer_; }
    std::string_view bytes() const { return bytes_; }

  private:
    Kind kind_ = Kind::null;
    std::int64_t integer_ = 0;
    std::string_view bytes_;
};

// The row that a cursor stands on; columns count from 0. Valid until the cursor moves. NULL reads as 0 or empty.
class Row {
  public:
    explicit Row(sqlite3_stmt* statement) : statement_(statement) {}

    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    bool boolean(int column) const { return integer(column) != 0; }
    WallTime time(int column) const { return from_unix_millis(integer(column)); }
    std::string_view view(int column) const;  // text or blob, borrowed from the row
    std::string text(int column) const { return std::string(view(column)); }
    Digest digest(int column) const;  // all zero unless the column holds 32 bytes
    template <class Id>
    Id id(int column) const {
        return Id(text(column));
    }

    std::optional<std::int64_t> optional_integer(int column) const;
    std::optional<std::string> optional_text(int column) const;
    std::optional<WallTime> optional_time(int column) const;
    std::optional<Digest> optional_digest(int column) const;

  private:
    sqlite3_stmt* statement_;
};

// A cached statement while it is used; goes back, reset, when this goes.
class Cursor {
  public:
    Cursor(Connection& connection, sqlite3_stmt* statement, bool* in_use)
        : connection_(&connection), statement_(statement), in_use_(in_use) {}
    Cursor(Cursor&& other) noexcept
        : connection_(other.connection_),
          statement_(std::exchange(other.statement_, nullptr)),
          in_use_(other.in_use_) {}
    Cursor& operator=(Cursor&&) = delete;
    ~Cursor();

    Result<void> bind(std::span<const Parameter> parameters);
    Result<bool> step();  // false: no further row
    Row row() const { return Row(statement_); }

  private:
    Connection* connection_;
    sqlite3_stmt* statement_;
    bool* in_use_;  // null: prepared for this use alone
};

// What reads rows. Handed out by Store::read for the length of one call, on the thread that called.
// Each statement sees all that was committed before it. Statements are cached by their text, so the
// text is constant and values are parameters, always.
class Reader {
  public:
    explicit Reader(Connection& connection) : connection_(&connection) {}

    // The first row through `map` (T(const Row&)), if there is one.
    template <class T, class Map, class... Args>
    Result<std::optional<T>> row(std::string_view sql, Map&& map, const Args&... args) {
        TRY(Cursor cursor, open(sql, args...));
        TRY(const bool found, cursor.step());
        std::optional<T> value;
        if (found) {
            value.emplace(map(cursor.row()));
            TRY_VOID(finish(cursor));
        }
        return value;
    }

    template <class T, class Map, class... Args>
    Result<std::vector<T>> rows(std::string_view sql, Map&& map, const Args&... args) {
        std::vector<T> values;
        TRY_VOID(each(
            sql,
            [&](const Row& row) -> Result<void> {
                values.push_back(map(row));
                return {};
            },
            args...));
        return values;
    }

    // Streams: `visit` (Result<void>(const Row&)) sees one row at a time; its first error ends the walk.
    template <class Visit, class... Args>
    Result<void> each(std::string_view sql, Visit&& visit, const Args&... args) {
        TRY(Cursor cursor, open(sql, args...));
        while (true) {
            TRY(const bool found, cursor.step());
            if (!found) {
                return {};
            }
            TRY_VOID(visit(cursor.row()));
        }
    }

  protected:
    template <class... Args>
    Result<Cursor> open(std::string_view sql, const Args&... args) {
        const std::array<Parameter, sizeof...(Args)> parameters{Parameter(args)...};
        return open_with(sql, parameters);
    }
    Result<Cursor> open_with(std::string_view sql, std::span<const Parameter> parameters);
    // Runs a statement with RETURNING to its end.
    static Result<void> finish(Cursor& cursor);

    Connection* connection_;
};

// What reads and changes rows: one job's part of a group commit (store.hpp). Only the writer makes one;
// it lives as long as the job. `row` and `rows` take statements with RETURNING as well.
// A constraint that refuses a row gives already_exists (unique) or failed_precondition (foreign key, check).
class Transaction : public Reader {
  public:
    using Reader::Reader;

    // The number of rows inserted, updated or deleted.
    template <class... Args>
    Result<std::int64_t> run(std::string_view sql, const Args&... args) {
        const std::array<Parameter, sizeof...(Args)> values{Parameter(args)...};
        return run_with(sql, values);
    }
    // The same with values that were put together before.
    Result<std::int64_t> run_with(std::string_view sql, std::span<const Parameter> values);
};

}  // namespace quell::store
