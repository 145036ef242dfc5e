// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/task.hpp"

namespace quell::base {

// A task that has failed already, for functions that await nothing themselves.
template <class T>
Task<T> failed(Error error) {
    co_return std::move(error);
}

}  // namespace quell::base
