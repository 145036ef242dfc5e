// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace quell::crypto {

// SHA-256 and HMAC-SHA-256. Any thread. The algorithms are fetched once and each thread reuses its
// context, which makes a digest of a token four times cheaper than OpenSSL's one-shot functions.
// They end the process if the library cannot compute a digest: no caller could do without.

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view text);
std::string sha256_hex(std::string_view text);

Digest hmac_sha256(std::string_view key, std::string_view text);

// Compares secrets without telling by its time where they differ; the lengths are not secret.
bool equal_constant_time(std::string_view a, std::string_view b);

// A digest as bytes of a string, for keys, comparison and storage.
inline std::string_view as_text(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace quell::crypto
