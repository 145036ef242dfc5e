// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/statement.hpp"

#include <sqlite3.h>

#include <algorithm>

#include "store/connection.hpp"

namespace quell::store {

bool Row::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::int64_t Row::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Row::view(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(bytes), size);
}

Digest Row::digest(int column) const {
    Digest digest{};
    if (const std::string_view bytes = view(column); bytes.size() == digest.size()) {
        std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(digest.data()));
    }
    return digest;
}

std::optional<std::int64_t> Row::optional_integer(int column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<std::string> Row::optional_text(int column) const {
    return is_null(column) ? std::nullopt : std::optional(text(column));
}

std::optional<WallTime> Row::optional_time(int column) const {
    return is_null(column) ? std::nullopt : std::optional(time(column));
}

std::optional<Digest> Row::optional_digest(int column) const {
    return is_null(column) ? std::nullopt : std::optional(digest(column));
}

Cursor::~Cursor() {
    if (statement_ == nullptr) {
        return;
    }
    if (in_use_ == nullptr) {
        sqlite3_finalize(statement_);
        return;
    }
    sqlite3_reset(statement_);
    *in_use_ = false;
}

namespace {

int bind_one(sqlite3_stmt* statement, int index, const Parameter& parameter) {
    // SQLITE_STATIC: the caller's strings outlive the cursor, which is reset before they go. A null pointer
    // would bind NULL, so an empty string needs an address.
    const char* data = parameter.bytes().empty() ? "" : parameter.bytes().data();
    switch (parameter.kind()) {
        case Parameter::Kind::integer:
            return sqlite3_bind_int64(statement, index, parameter.integer());
        case Parameter::Kind::text:
            return sqlite3_bind_text64(statement, index, data, parameter.bytes().size(), SQLITE_STATIC,
                                       SQLITE_UTF8);
        case Parameter::Kind::blob:
            return sqlite3_bind_blob64(statement, index, data, parameter.bytes().size(), SQLITE_STATIC);
        default:
            return sqlite3_bind_null(statement, index);
    }
}

}  // namespace

Result<void> Cursor::bind(std::span<const Parameter> parameters) {
    if (sqlite3_bind_parameter_count(statement_) != static_cast<int>(parameters.size())) {
        return internal_error("a statement got another number of values than it has places");
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const int code = bind_one(statement_, static_cast<int>(i) + 1, parameters[i]);
        if (code != SQLITE_OK) {
            return connection_->failure(code);
        }
    }
    return {};
}

Result<bool> Cursor::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        return code == SQLITE_ROW;
    }
    return connection_->failure(code);
}

Result<Cursor> Reader::open_with(std::string_view sql, std::span<const Parameter> parameters) {
    TRY(Cursor cursor, connection_->prepare(sql));
    TRY_VOID(cursor.bind(parameters));
    return cursor;
}

Result<void> Reader::finish(Cursor& cursor) {
    while (true) {
        TRY(const bool more, cursor.step());
        if (!more) {
            return {};
        }
    }
}

Result<std::int64_t> Transaction::run_with(std::string_view sql, std::span<const Parameter> values) {
    TRY(Cursor cursor, open_with(sql, values));
    TRY_VOID(finish(cursor));
    return connection_->changes();
}

}  // namespace quell::store
