// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "store/statement.hpp"

namespace quell::store {

// New rows of one table that nothing reads inside their group: kept in memory while its jobs run and written before the
// commit, many with one statement, which costs half as much a row. The writer thread's own, held by a participant that
// passes on what happens to the jobs.
class DeferredRows {
  public:
    // The names are constant text.
    DeferredRows(std::string_view table, std::initializer_list<std::string_view> columns);

    // One value for each column; text and bytes are copied.
    template <class... Args>
    void add(const Args&... args) {
        const std::array<Parameter, sizeof...(Args)> values{Parameter(args)...};
        add_row(values);
    }
    // What was added since the last call of these two stays, or goes.
    void job_kept() { kept_ = {values_.size(), bytes_.size()}; }
    void job_undone();
    // All of them go into the transaction; a failure loses the group.
    Result<void> write(Transaction& transaction);
    void forget();

  private:
    struct Value {
        Parameter::Kind kind;
        std::int64_t integer;
        std::size_t at, size;  // in bytes_
    };
    struct End {
        std::size_t values = 0, bytes = 0;
    };

    void add_row(std::span<const Parameter> values);
    Parameter parameter(const Value& value) const;

    static constexpr std::array<std::size_t, 3> kRowsOfStatement = {16, 4, 1};

    const std::size_t columns_;
    std::array<std::string, kRowsOfStatement.size()> statements_;
    std::vector<Value> values_;
    std::string bytes_;
    End kept_;
    std::vector<Parameter> parameters_;  // of one statement; reused
};

}  // namespace quell::store
