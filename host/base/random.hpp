// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace quell {

// Fills from the kernel's CSPRNG (getrandom). Ends the process if the kernel cannot: nothing secret may be guessed.
void fill_random(std::span<std::uint8_t> out);

std::string random_bytes(std::size_t count);

// 256 random bits in base64url: tokens, client secrets, codes.
std::string random_token();

// RFC 9562: version 4 (random) for ids that must not be guessed, version 7 (time-ordered) for rows.
std::string uuid_v4();
std::string uuid_v7();
// The lower-case 8-4-4-4-12 form.
bool is_uuid(std::string_view text);

}  // namespace quell
