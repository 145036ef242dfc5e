// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/diagnostic.hpp"

namespace quell::config {

// Reads one TOML table into typed settings. Every mistake becomes a diagnostic at its place, and
// the setting keeps its default; reading goes on. The keys that were asked for are the known ones:
// refuse_unknown_keys(), called last, reports all others with the nearest known key (OP-05).
// Borrows the table and the list of diagnostics.
class TableReader {
  public:
    // `path` is the table's dotted name, empty for the root. `own` is where the table begins.
    TableReader(const toml::table& table, std::string path, SourcePosition own,
                std::vector<Diagnostic>& errors)
        : table_(table), path_(std::move(path)), own_(std::move(own)), errors_(errors) {}

    // True if the key is there and right; only then `out` is written.
    bool read(std::string_view key, std::string& out, std::string_view example);
    bool read(std::string_view key, bool& out);
    bool read(std::string_view key, std::int64_t& out, std::int64_t least, std::int64_t most);
    bool read(std::string_view key, std::vector<std::string>& out);

    // One of `all`, spelled as its to_string().
    template <class Enum>
    bool read_choice(std::string_view key, Enum& out, std::initializer_list<Enum> all);

    // none: the key is missing or no table.
    std::optional<TableReader> table(std::string_view key);
    // Reads `empty`, which holds nothing, in place of a missing table, so that its defaults and
    // missing keys are treated alike.
    TableReader empty_table(std::string_view key, const toml::table& empty) const {
        return {empty, name(key), own_, errors_};
    }
    // Every member as a table, for [plugins.*]; a member that is none is refused.
    std::vector<std::pair<std::string, TableReader>> tables();

    // The elements of [[key]]; none if it is missing or no array of tables.
    std::vector<TableReader> array_of_tables(std::string_view key);

    std::vector<std::string> keys() const;
    bool has(std::string_view key) const { return table_.contains(key); }
    // The value as it is, marked as known; nullptr if missing.
    const toml::node* take(std::string_view key);
    void refuse(std::string_view key, const std::string& why);  // "`path.key` why."
    void refuse_unknown_keys();

    std::vector<Diagnostic>& errors() const { return errors_; }
    SourcePosition position() const { return own_; }
    SourcePosition position(std::string_view key) const;  // the table's own if there is no such key
    std::string name(std::string_view key) const;         // "path.key"

  private:
    std::optional<std::size_t> choose(std::string_view key,
                                      const std::vector<std::string_view>& names);
    void refuse_type(std::string_view key, const toml::node& value, const std::string& expected);

    const toml::table& table_;
    std::string path_;
    SourcePosition own_;
    std::vector<Diagnostic>& errors_;
    std::vector<std::string> known_;
};

template <class Enum>
bool TableReader::read_choice(std::string_view key, Enum& out, std::initializer_list<Enum> all) {
    std::vector<std::string_view> names;
    for (const Enum one : all)
        names.push_back(to_string(one));
    const auto index = choose(key, names);
    if (index)
        out = *(all.begin() + *index);
    return index.has_value();
}

}  // namespace quell::config
