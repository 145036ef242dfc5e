// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <tl/expected.hpp>
#include <utility>

#include "base/error.hpp"

namespace quell {

// A value or an Error. [[nodiscard]], so that a dropped failure is a compile error.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  public:
    using tl::expected<T, Error>::expected;
    Result(Error error) : tl::expected<T, Error>(tl::unexpect, std::move(error)) {}
    Result() requires(!std::is_void_v<T>) : Result(internal_error("result was never set")) {}
    Result() requires(std::is_void_v<T>) : tl::expected<T, Error>() {}
};

}  // namespace quell

#define QUELL_CONCAT_INNER(a, b) a##b
#define QUELL_CONCAT(a, b) QUELL_CONCAT_INNER(a, b)

// TRY(auto x, f()): x = the value, or return the Error from a plain function.
#define TRY(declaration, expression)                                  \
    auto QUELL_CONCAT(result_, __LINE__) = (expression);              \
    if (!QUELL_CONCAT(result_, __LINE__))                             \
        return std::move(QUELL_CONCAT(result_, __LINE__)).error();    \
    declaration = *std::move(QUELL_CONCAT(result_, __LINE__))

// TRY_VOID(f()): the same for Result<void>.
#define TRY_VOID(expression)                                   \
    if (auto result_void = (expression); !result_void) \
    return std::move(result_void).error()

// CO_TRY, CO_TRY_VOID: the same in a coroutine.
#define CO_TRY(declaration, expression)                               \
    auto QUELL_CONCAT(result_, __LINE__) = (expression);              \
    if (!QUELL_CONCAT(result_, __LINE__))                             \
        co_return std::move(QUELL_CONCAT(result_, __LINE__)).error(); \
    declaration = *std::move(QUELL_CONCAT(result_, __LINE__))

#define CO_TRY_VOID(expression)                                \
    if (auto result_void = (expression); !result_void) \
    co_return std::move(result_void).error()
