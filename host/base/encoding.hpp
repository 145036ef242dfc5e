// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace quell {

std::string to_hex(std::span<const std::uint8_t> bytes);
// Lower or upper case, even length; nullopt otherwise.
std::optional<std::string> from_hex(std::string_view text);

std::string to_base64(std::string_view bytes);
std::string to_base64url(std::string_view bytes);  // no padding (RFC 7515)
// Strict: no other characters, padding exactly as the alphabet's RFC 4648 form wants it; nullopt otherwise.
std::optional<std::string> from_base64(std::string_view text);
std::optional<std::string> from_base64url(std::string_view text);

std::string percent_encode(std::string_view text);  // all but RFC 3986 unreserved characters
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

// Well-formed UTF-8 without surrogates and overlong forms.
bool is_utf8(std::string_view text);

inline std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace quell
