// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "store/connection.hpp"
#include "store/store.hpp"

namespace quell::store {

// The value, or the end of the test with the error's text.
template <class T>
T must(Result<T> result) {
    if (!result) {
        throw std::runtime_error(result.error()->key + ": " + result.error()->message + " " + result.error()->detail);
    }
    if constexpr (!std::is_void_v<T>) {
        return *std::move(result);
    }
}

class ScratchDirectory {
  public:
    ScratchDirectory() {
        std::string pattern = (std::filesystem::temp_directory_path() / "quell-store-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("mkdtemp");
        }
        path_ = pattern;
    }
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    ~ScratchDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::filesystem::path operator/(const char* name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

// An open store in a directory of its own.
class ScratchStore {
  public:
    explicit ScratchStore(std::size_t queue_limit = 65'536) : queue_limit_(queue_limit) { open(); }

    Store& operator*() { return *store_; }
    Store* operator->() { return store_.get(); }
    std::filesystem::path path() const { return directory_ / "quell.db"; }
    void close() { store_.reset(); }
    void open() { store_ = must(Store::open({.path = path(), .queue_limit = queue_limit_})); }

    template <class Work>
    auto write(Work work) {
        using R = std::invoke_result_t<Work, Transaction&>;
        return must(store_->write_and_wait<typename R::value_type>(std::move(work)));
    }
    template <class Visit>
    auto read(Visit visit) {
        return must(store_->read(std::move(visit)));
    }
    void run(const std::string& sql) {
        write([&](Transaction& transaction) -> Result<std::int64_t> { return transaction.run(sql); });
    }
    std::int64_t number(const std::string& sql) {
        return read([&](Reader& reader) -> Result<std::int64_t> {
            TRY(const auto value,
                reader.row<std::int64_t>(sql, [](const Row& row) { return row.integer(0); }));
            return value.value_or(-1);
        });
    }
    // Changes the closed file behind the program's back.
    void tamper(const std::string& sql) {
        close();
        must(must(Connection::open(path(), Connection::Mode::read_write))->execute(sql));
        open();
    }

  private:
    ScratchDirectory directory_;
    std::size_t queue_limit_;
    std::unique_ptr<Store> store_;
};

}  // namespace quell::store
