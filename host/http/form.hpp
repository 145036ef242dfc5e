// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace quell::http {

// The parameters of a query or of an application/x-www-form-urlencoded body, decoded. Hostile input: at most 16 KiB
// and 64 parameters, well-formed percent encoding, UTF-8 without control characters; invalid_request otherwise.
// A parameter without a value counts as absent (RFC 6749 3.1); a repeated one is kept so that it can be refused.
class Form {
  public:
    static Result<Form> parse(std::string_view text);

    // The value, empty if absent. Of a repeated one the first.
    std::string_view value(std::string_view name) const;
    bool has(std::string_view name) const { return !value(name).empty(); }
    bool repeats(std::string_view name) const { return count(name) > 1; }
    // Any parameter that came twice, or empty (OA-17).
    std::string_view first_repeated() const;
    const std::vector<std::pair<std::string, std::string>>& parameters() const { return parameters_; }

  private:
    std::size_t count(std::string_view name) const;

    std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace quell::http
