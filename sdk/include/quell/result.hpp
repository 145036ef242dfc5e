// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <utility>
#include <variant>

#include <quell/error.hpp>

namespace quell::inline v1 {

// A value or an Error. Dropping one is a compiler warning. Ask with `if (result)` before `*result`.
template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const { return content_.index() == 0; }

    T& operator*() & { return std::get<0>(content_); }
    const T& operator*() const& { return std::get<0>(content_); }
    T&& operator*() && { return std::get<0>(std::move(content_)); }
    T* operator->() { return &std::get<0>(content_); }
    const T* operator->() const { return &std::get<0>(content_); }

    const Error& error() const& { return std::get<1>(content_); }
    Error&& error() && { return std::get<1>(std::move(content_)); }

  private:
    std::variant<T, Error> content_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : error_(std::in_place, std::move(error)) {}

    explicit operator bool() const { return !error_; }

    const Error& error() const& { return *error_; }
    Error&& error() && { return *std::move(error_); }

  private:
    std::optional<Error> error_;
};

}  // namespace quell::inline v1

#define QUELL_DETAIL_JOIN_INNER(a, b) a##b
#define QUELL_DETAIL_JOIN(a, b) QUELL_DETAIL_JOIN_INNER(a, b)

// QUELL_TRY(const auto x, f()): x is the value of f(), or the enclosing function returns the Error.
#define QUELL_TRY(declaration, ...)                                           \
    auto QUELL_DETAIL_JOIN(quell_result_, __LINE__) = (__VA_ARGS__);          \
    if (!QUELL_DETAIL_JOIN(quell_result_, __LINE__))                          \
        return std::move(QUELL_DETAIL_JOIN(quell_result_, __LINE__)).error(); \
    declaration = *std::move(QUELL_DETAIL_JOIN(quell_result_, __LINE__))
