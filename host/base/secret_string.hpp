// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace quell {

// A secret that is wiped when it goes and has no formatter: it cannot reach a log by accident.
// Move-only. reveal() is the one, greppable way to the bytes; the view lives as long as the object.
class SecretString {
  public:
    SecretString() = default;
    explicit SecretString(std::string value) : value_(std::move(value)) {}
    SecretString(SecretString&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
    SecretString& operator=(SecretString&& other) noexcept;
    SecretString(const SecretString&) = delete;
    SecretString& operator=(const SecretString&) = delete;
    ~SecretString() { wipe(); }

    std::string_view reveal() const { return value_; }
    bool empty() const { return value_.empty(); }
    // Copies are made only where they are written out.
    SecretString copy() const { return SecretString(std::string(value_)); }

  private:
    void wipe() noexcept;
    std::string value_;
};

}  // namespace quell
