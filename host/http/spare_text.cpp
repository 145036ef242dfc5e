// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/spare_text.hpp"

#include <utility>

namespace quell::http {
namespace {

constexpr std::size_t kMostKept = 64 * 1024;

std::string& spare_text() {
    thread_local std::string text;
    return text;
}

}  // namespace

std::string take_spare_text() { return std::exchange(spare_text(), {}); }

void leave_spare_text(std::string text) {
    if (text.capacity() > spare_text().capacity() && text.capacity() <= kMostKept) {
        text.clear();
        spare_text() = std::move(text);
    }
}

}  // namespace quell::http
