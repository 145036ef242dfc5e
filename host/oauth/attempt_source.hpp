// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

namespace quell::oauth {

// From where an attempt counts as coming (OA-15, OA-31): the address of the peer, of IPv6 its /64, since whoever has
// one address of it has them all.
std::string attempt_source(std::string_view peer);

}  // namespace quell::oauth
