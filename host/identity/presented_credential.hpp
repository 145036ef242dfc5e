// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace quell::identity {

// What a request brings to say who sends it: "Authorization: Bearer <token>" (RFC 6750 2.1), "Authorization: Key <key>"
// (E15), or the key in a header of its own (E16). Schemes in any case. Two at once, or one twice, count as none: it is
// not for us to choose.
struct PresentedCredential {
    enum class Kind : std::uint8_t { none, token, key };
    Kind kind = Kind::none;
    std::string_view text{};
};

inline constexpr std::string_view kKeyHeader = "X-API-Key";

// The token of an Authorization header ("Bearer xyz"); empty if it is no such.
std::string_view bearer_token(std::string_view authorization);
// `aliases` are names of further headers that carry a key.
PresentedCredential presented_credential(const http::Request& request, const std::vector<std::string>& aliases);

}  // namespace quell::identity
