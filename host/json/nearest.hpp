// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace quell::json {

// The candidate that someone who typed `name` most likely meant: the smallest edit distance, at
// most a third of the longer name's length; a swap of two neighbours counts as one edit (OP-05).
// none: nothing is near. Names longer than 64 bytes are near nothing, so hostile input stays cheap.
std::optional<std::string_view> nearest(std::string_view name,
                                        std::span<const std::string_view> candidates);

// For a message: "; the nearest one is `client_id`", or nothing.
std::string nearest_hint(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace quell::json
