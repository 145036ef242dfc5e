// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/secret_string.hpp"

#include <cstring>

namespace quell {

SecretString& SecretString::operator=(SecretString&& other) noexcept {
    if (this != &other) {
        wipe();
        value_ = std::move(other.value_);
        other.wipe();
    }
    return *this;
}

void SecretString::wipe() noexcept {
    // explicit_bzero is not optimised away; the whole capacity, since a shorter value may follow a longer one.
    value_.resize(value_.capacity());
    explicit_bzero(value_.data(), value_.size());
    value_.clear();
}

}  // namespace quell
