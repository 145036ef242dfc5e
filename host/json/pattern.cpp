// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#define PCRE2_CODE_UNIT_WIDTH 8
#include "json/pattern.hpp"

#include <pcre2.h>

namespace quell::json {
namespace {

constexpr std::size_t kLongestExpression = 4096;
constexpr std::size_t kLongestSubject = 64 * 1024;
constexpr std::uint32_t kMatchLimit = 200'000;
constexpr std::uint32_t kDepthLimit = 2'000;
constexpr std::uint32_t kHeapKibibytes = 1'024;

template <auto free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const noexcept {
        free(object);
    }
};

using CompileContext = std::unique_ptr<pcre2_compile_context, FreeWith<pcre2_compile_context_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, FreeWith<pcre2_match_context_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, FreeWith<pcre2_match_data_free>>;

// What a match needs besides the code; kept per thread, so that matching does not allocate.
struct Scratch {
    MatchContext context{pcre2_match_context_create(nullptr)};
    MatchData data{pcre2_match_data_create(1, nullptr)};

    Scratch() {
        if (!context)
            return;
        pcre2_set_match_limit(context.get(), kMatchLimit);
        pcre2_set_depth_limit(context.get(), kDepthLimit);
        pcre2_set_heap_limit(context.get(), kHeapKibibytes);
    }
};

Error refused(const std::string& why) {
    return invalid_arguments("The regular expression is refused: " + why + ".");
}

std::string describe(int error) {
    PCRE2_UCHAR8 text[160];
    const int size = pcre2_get_error_message(error, text, sizeof text);
    return size > 0
               ? std::string(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size))
               : "malformed";
}

}  // namespace

void Pattern::Free::operator()(pcre2_real_code_8* code) const noexcept {
    pcre2_code_free(code);
}

Result<Pattern> Pattern::compile(std::string_view expression) {
    if (expression.size() > kLongestExpression)
        return refused("it is longer than 4096 bytes");
    if (expression.starts_with("(*"))
        return refused("it sets options of the engine");
    const CompileContext context(pcre2_compile_context_create(nullptr));
    if (!context)
        return refused("out of memory");
    pcre2_set_compile_extra_options(context.get(), PCRE2_EXTRA_ALT_BSUX);
    constexpr std::uint32_t kOptions =
        PCRE2_UTF | PCRE2_ALT_BSUX | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
    int error = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR8>(expression.data()),
                                     expression.size(), kOptions, &error, &offset, context.get());
    if (code == nullptr)
        return refused(describe(error) + " at byte " + std::to_string(offset));
    return Pattern(std::string(expression), code);
}

Pattern::Outcome Pattern::match(std::string_view subject) const {
    thread_local const Scratch scratch;
    if (subject.size() > kLongestSubject || !scratch.context || !scratch.data)
        return Outcome::too_costly;
    const int found =
        pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR8>(subject.data()), subject.size(), 0,
                    PCRE2_NO_UTF_CHECK, scratch.data.get(), scratch.context.get());
    if (found == PCRE2_ERROR_NOMATCH)
        return Outcome::no_match;
    return found >= 0 ? Outcome::match : Outcome::too_costly;
}

}  // namespace quell::json
