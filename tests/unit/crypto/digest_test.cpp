// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "crypto/digest.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/encoding.hpp"

namespace quell::crypto {
namespace {

// FIPS 180-4 examples.
TEST(Digest, MatchesThePublishedSha256Examples) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

// RFC 4231 test cases 1, 2 and 6 (a key longer than the block).
TEST(Digest, MatchesThePublishedHmacExamples) {
    EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xaa'),
                                 "Test Using Larger Than Block-Size Key - Hash Key First")),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Digest, TakesAnEmptyHmacKeyForItselfAndNotForTheLastOne) {
    const Digest empty = hmac_sha256("", "text");

    (void)hmac_sha256("Jefe", "text");

    EXPECT_EQ(hmac_sha256("", "text"), empty);
    EXPECT_EQ(to_hex(hmac_sha256("", "")),
              "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Digest, ComparesByContentAndLength) {
    EXPECT_TRUE(equal_constant_time("", ""));
    EXPECT_TRUE(equal_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_constant_time("abc", "abcd"));
}

TEST(Digest, GivesEveryThreadItsOwnContext) {
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;

    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&wrong, text = std::string(static_cast<std::size_t>(i) * 100, 'x')] {
            const Digest expected = sha256(text);
            for (int round = 0; round < 1000; ++round) {
                wrong += sha256(text) == expected ? 0 : 1;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }

    EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace quell::crypto
