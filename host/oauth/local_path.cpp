// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/local_path.hpp"

#include <algorithm>

namespace quell::oauth {

bool is_local_path(std::string_view next) {
    // Browsers drop tabs and line feeds and read '\' as '/', so "/\t/evil" and "/\evil" would leave the host.
    const bool plain = std::all_of(next.begin(), next.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '\\'; });
    return plain && next.size() <= 12 * 1024 && next.starts_with('/') && !next.starts_with("//");
}

}  // namespace quell::oauth
