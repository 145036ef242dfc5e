// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct pcre2_real_code_8;

namespace quell::json {

// A compiled regular expression (PCRE2, unanchored, characters rather than bytes; \d, \w and \s are
// ASCII and $ is the very end, as in ECMA 262). Immutable: any thread may match. A match that costs
// too much, or a subject of more than 64 KiB, is neither a match nor a mismatch: the caller
// refuses.
class Pattern {
  public:
    enum class Outcome { match, no_match, too_costly };

    // invalid_arguments for a malformed expression, one over 4 KiB, or one that sets options by
    // "(*...)".
    static Result<Pattern> compile(std::string_view expression);

    // `subject` must be valid UTF-8.
    Outcome match(std::string_view subject) const;
    const std::string& expression() const { return expression_; }

  private:
    struct Free {
        void operator()(pcre2_real_code_8* code) const noexcept;
    };
    Pattern(std::string expression, pcre2_real_code_8* code)
        : expression_(std::move(expression)), code_(code) {}

    std::string expression_;
    std::unique_ptr<pcre2_real_code_8, Free> code_;
};

}  // namespace quell::json
