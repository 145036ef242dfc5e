// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace quell::inline v1 {

using Sha256 = std::array<std::uint8_t, 32>;

namespace detail {

// FIPS 180-4 6.2. The state after each block of 64 bytes.
class Sha256State {
  public:
    void add(const std::uint8_t* block) {
        std::array<std::uint32_t, 64> schedule = expanded(block);
        std::array<std::uint32_t, 8> work = state_;
        for (std::size_t round = 0; round < 64; ++round)
            step(work, kRounds[round] + schedule[round]);
        for (std::size_t at = 0; at < 8; ++at)
            state_[at] += work[at];
    }

    Sha256 bytes() const {
        Sha256 digest{};
        for (std::size_t at = 0; at < digest.size(); ++at)
            digest[at] = static_cast<std::uint8_t>(state_[at / 4] >> (24U - 8U * (at % 4)));
        return digest;
    }

  private:
    static std::array<std::uint32_t, 64> expanded(const std::uint8_t* block) {
        std::array<std::uint32_t, 64> words{};
        for (std::size_t at = 0; at < 64; ++at)
            words[at / 4] = (words[at / 4] << 8U) | block[at];
        for (std::size_t at = 16; at < 64; ++at) {
            const std::uint32_t early = words[at - 15];
            const std::uint32_t late = words[at - 2];
            words[at] = words[at - 16] + words[at - 7] +
                        (std::rotr(early, 7) ^ std::rotr(early, 18) ^ (early >> 3U)) +
                        (std::rotr(late, 17) ^ std::rotr(late, 19) ^ (late >> 10U));
        }
        return words;
    }

    static void step(std::array<std::uint32_t, 8>& v, std::uint32_t input) {
        const std::uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        const std::uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        const std::uint32_t first =
            v[7] + (std::rotr(v[4], 6) ^ std::rotr(v[4], 11) ^ std::rotr(v[4], 25)) + choice + input;
        const std::uint32_t second =
            (std::rotr(v[0], 2) ^ std::rotr(v[0], 13) ^ std::rotr(v[0], 22)) + majority;
        v = {first + second, v[0], v[1], v[2], v[3] + first, v[4], v[5], v[6]};
    }

    // FIPS 180-4 4.2.2: the fractions of the cube roots of the first 64 primes.
    static constexpr std::array<std::uint32_t, 64> kRounds = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
        0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
        0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
        0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
        0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
        0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2};

    std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                           0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
};

}  // namespace detail

inline Sha256 sha256(std::string_view text) {
    // FIPS 180-4 5.1.1: a bit, zeros, and the length in bits in the last 8 bytes of a block.
    std::string padded(text);
    padded += '\x80';
    padded.resize((padded.size() + 8 + 63) / 64 * 64 - 8);
    const std::uint64_t bits = static_cast<std::uint64_t>(text.size()) * 8;
    for (int shift = 56; shift >= 0; shift -= 8)
        padded += static_cast<char>(bits >> static_cast<unsigned>(shift));
    detail::Sha256State state;
    for (std::size_t at = 0; at < padded.size(); at += 64)
        state.add(reinterpret_cast<const std::uint8_t*>(padded.data()) + at);
    return state.bytes();
}

// RFC 2104, for the signature of an inbound request.
inline Sha256 hmac_sha256(std::string_view key, std::string_view message) {
    const Sha256 digest = sha256(key);
    std::string block(key.size() > 64
                          ? std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size())
                          : key);
    block.resize(64);
    std::string inner;
    std::string outer;
    for (const char byte : block) {
        inner += static_cast<char>(byte ^ 0x36);
        outer += static_cast<char>(byte ^ 0x5c);
    }
    const Sha256 first = sha256(inner.append(message));
    outer.append(reinterpret_cast<const char*>(first.data()), first.size());
    return sha256(outer);
}

inline std::string hex(const Sha256& digest) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : digest) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0x0fU];
    }
    return text;
}

// Takes the same time wherever two texts of one length differ. For every comparison with a secret.
inline bool equal_in_constant_time(std::string_view left, std::string_view right) {
    if (left.size() != right.size())
        return false;
    volatile unsigned char difference = 0;
    for (std::size_t at = 0; at < left.size(); ++at)
        difference = static_cast<unsigned char>(difference | (left[at] ^ right[at]));
    return difference == 0;
}

}  // namespace quell::inline v1
