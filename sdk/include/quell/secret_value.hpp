// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace quell::inline v1 {

// Bytes that are wiped when they go and that nothing prints. Move-only. reveal() is the one way to
// them; the view lives as long as the object.
class SecretValue {
  public:
    SecretValue() = default;
    explicit SecretValue(std::string value) : value_(std::move(value)) {}
    SecretValue(SecretValue&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
    SecretValue& operator=(SecretValue&& other) noexcept {
        if (this != &other) {
            wipe();
            value_ = std::move(other.value_);
            other.wipe();
        }
        return *this;
    }
    SecretValue(const SecretValue&) = delete;
    SecretValue& operator=(const SecretValue&) = delete;
    ~SecretValue() { wipe(); }

    std::string_view reveal() const { return value_; }
    bool empty() const { return value_.empty(); }

  private:
    // Through a volatile pointer, so that no optimiser drops it; the whole capacity, since a
    // shorter value may have followed a longer one.
    void wipe() noexcept {
        value_.resize(value_.capacity());
        volatile char* byte = value_.data();
        for (std::size_t left = value_.size(); left > 0; --left)
            *byte++ = 0;
        value_.clear();
    }

    std::string value_;
};

}  // namespace quell::inline v1
