// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <quell/result.hpp>

namespace quell::inline v1 {

// The settings of one connector, valid by the manifest's schema, without the members marked
// x-secret that are not among the manifest's raw_secrets. Members of nested objects are named with
// dots: "proxy.url". Immutable; safe on any thread.
class Settings {
  public:
    using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;
    using Values = std::map<std::string, Value, std::less<>>;

    explicit Settings(Values values) : values_(std::move(values)) {}

    bool has(std::string_view name) const { return values_.find(name) != values_.end(); }

    // An Error (invalid_argument) if the setting is absent or of another type.
    Result<std::string> string(std::string_view name) const { return read<std::string>(name); }
    Result<std::int64_t> integer(std::string_view name) const { return read<std::int64_t>(name); }
    Result<bool> boolean(std::string_view name) const { return read<bool>(name); }
    Result<std::vector<std::string>> strings(std::string_view name) const {
        return read<std::vector<std::string>>(name);
    }

    // The same with a value for a setting that is absent.
    Result<std::string> string_or(std::string_view name, std::string_view fallback) const {
        return has(name) ? string(name) : std::string(fallback);
    }
    Result<std::int64_t> integer_or(std::string_view name, std::int64_t fallback) const {
        return has(name) ? integer(name) : fallback;
    }
    Result<bool> boolean_or(std::string_view name, bool fallback) const {
        return has(name) ? boolean(name) : fallback;
    }

  private:
    template <class T>
    Result<T> read(std::string_view name) const {
        const auto found = values_.find(name);
        if (found == values_.end())
            return invalid_argument("The setting `" + std::string(name) + "` is missing.");
        if (const T* value = std::get_if<T>(&found->second))
            return *value;
        return invalid_argument("The setting `" + std::string(name) + "` is of the wrong type.");
    }

    Values values_;
};

}  // namespace quell::inline v1
