// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::oauth {

// Whether a browser sent to this `next` stays on this host (UI-02): a path that begins with one '/', not "//" or
// "/\", of visible ASCII without backslashes, at most 12 KiB.
bool is_local_path(std::string_view next);

}  // namespace quell::oauth
