// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/sqlite_error.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <utility>

namespace quell::store {
namespace {

bool is_disk_full(sqlite3* database, int code) {
    // Growing the shared index of the log on a full disk is reported as an I/O error of its own.
    if ((code & 0xFF) == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE) {
        return true;
    }
    const int system = database != nullptr ? sqlite3_system_errno(database) : 0;
    return code == SQLITE_IOERR_WRITE && (system == ENOSPC || system == EDQUOT);
}

std::string describe(sqlite3* database, int code) {
    std::string text = std::string(sqlite3_errstr(code)) + " (" + std::to_string(code) + ")";
    if (database != nullptr) {
        text += std::string(": ") + sqlite3_errmsg(database);
    }
    return text;
}

Error constraint_error(int code, std::string detail) {
    const bool taken = code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY;
    Error error = taken ? Error(Code::already_exists, "internal_error", "Such a record exists already.")
                        : Error(Code::failed_precondition, "internal_error",
                                "The record does not fit the ones it belongs to.");
    return std::move(error).detail(std::move(detail));
}

}  // namespace

Error store_unavailable(std::string message, std::string detail) {
    return Error(Code::unavailable, "store_unavailable", std::move(message))
        .detail(std::move(detail))
        .retryable();
}

Error store_damaged(std::string detail) {
    return Error(Code::data_loss, "store_unavailable", "The store's file is damaged. It was left as it is.")
        .next_step("Stop Quell and run `quell restore FILE` with a backup; it keeps the damaged file aside.")
        .detail(std::move(detail));
}

Error sqlite_error(sqlite3* database, int code) {
    std::string detail = describe(database, code);
    if (is_disk_full(database, code)) {
        return store_unavailable("The disk that holds the store is full.", std::move(detail));
    }
    switch (code & 0xFF) {
        case SQLITE_CONSTRAINT:
            return constraint_error(code, std::move(detail));
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return store_damaged(std::move(detail));
        case SQLITE_ERROR:
        case SQLITE_MISUSE:
        case SQLITE_RANGE:
        case SQLITE_MISMATCH:
            return internal_error(std::move(detail));
        default:
            return store_unavailable("The store cannot be used now.", std::move(detail));
    }
}

bool is_fatal(sqlite3* database, int code) {
    if (is_disk_full(database, code)) {
        return false;
    }
    switch (code & 0xFF) {
        case SQLITE_IOERR:
            return code != SQLITE_IOERR_NOMEM;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return true;
        default:
            return false;
    }
}

}  // namespace quell::store
