// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "store/statement.hpp"
#include "store/store_file.hpp"

namespace quell::store {

// Puts a backup in the place of a store that no process uses: copies it beside the store, lets the caller look into
// the copy, then moves the present files aside and the copy into their place. One thread.
// While the copy lies there the store is refused (StoreFile), so that a crash in between never gives an empty store:
// the same restore is run again. Refuses (failed_precondition) a store that is in use.
class Restore {
  public:
    static Result<std::unique_ptr<Restore>> begin(const std::filesystem::path& store,
                                                  const std::filesystem::path& backup);
    Restore(const Restore&) = delete;
    Restore& operator=(const Restore&) = delete;
    ~Restore();  // removes a copy that was not put in place, unless the store was moved aside for it

    // To be opened as a Store, and closed again before put_in_place().
    const std::filesystem::path& copy() const { return copy_; }
    // The new name of the file that was there; nullopt if there was none.
    Result<std::optional<std::filesystem::path>> put_in_place();

  private:
    Restore(std::unique_ptr<StoreFile> file, std::filesystem::path copy, bool store_is_aside)
        : file_(std::move(file)), copy_(std::move(copy)), store_is_aside_(store_is_aside) {}

    std::unique_ptr<StoreFile> file_;
    std::filesystem::path copy_;
    bool store_is_aside_;  // by this restore or by one that was interrupted
};

// What was ended after the backup must not come back with it: removes every token, code and login session.
Result<void> end_all_access(Transaction& transaction);

}  // namespace quell::store
