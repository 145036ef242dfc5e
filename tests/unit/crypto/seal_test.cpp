// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "crypto/seal.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace quell::crypto {
namespace {

SealingKey key_of(char letter) {
    return *SealingKey::make(SecretString(std::string(32, letter)));
}

TEST(Seal, RefusesAShortKey) {
    const auto key = SealingKey::make(SecretString(std::string(31, 'k')));

    ASSERT_FALSE(key);
    EXPECT_EQ(key.error()->code, Code::invalid_argument);
}

TEST(Seal, OpensWhatItSealed) {
    const SealingKey key = key_of('k');

    for (const std::string& plain :
         {std::string(), std::string("123456"), std::string(70'000, '\0')}) {
        const auto opened = key.open(key.seal(plain, "acme/lock_pin"), "acme/lock_pin");

        ASSERT_TRUE(opened);
        EXPECT_EQ(opened->reveal(), plain);
    }
}

TEST(Seal, NeverGivesTheSameTextTwice) {
    const SealingKey key = key_of('k');

    EXPECT_NE(key.seal("123456", "a"), key.seal("123456", "a"));
}

TEST(Seal, RefusesAnotherPurposeOrAnotherKey) {
    const std::string sealed = key_of('k').seal("123456", "acme/lock_pin");

    EXPECT_FALSE(key_of('k').open(sealed, "other/lock_pin"));
    EXPECT_FALSE(key_of('k').open(sealed, ""));
    EXPECT_FALSE(key_of('x').open(sealed, "acme/lock_pin"));
}

TEST(Seal, RefusesEveryChangedByte) {
    const SealingKey key = key_of('k');
    const std::string bytes = *from_base64url(key.seal("123456", "a").substr(3));

    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::string changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(key.open("v1." + to_base64url(changed), "a")) << "byte " << i;
    }
}

TEST(Seal, RefusesWhatIsNoSealedText) {
    const SealingKey key = key_of('k');

    for (const std::string_view text :
         {"", "v1.", "v1.AAAA", "v2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "v1.!!!!"}) {
        const auto opened = key.open(text, "a");
        ASSERT_FALSE(opened) << text;
        EXPECT_EQ(opened.error()->code, Code::data_loss);
    }
}

// RFC 5869 and NIST SP 800-38D through other code: Python's cryptography package made this text.
TEST(Seal, OpensATextMadeByAnotherImplementation) {
    const auto opened =
        key_of('k').open("v1.AAECAwQFBgcICQoLlzxkfHnth1eyKL-lDtVLsLDAbGdy3w", "acme/lock_pin");

    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->reveal(), "123456");
}

TEST(Seal, BindsAnHmacToItsPurpose) {
    const SealingKey key = key_of('k');

    EXPECT_EQ(key.hmac("audit-head", "text"), key.hmac("audit-head", "text"));
    EXPECT_NE(key.hmac("audit-head", "text"), key.hmac("cursor", "text"));
    EXPECT_NE(key.hmac("audit-head", "text"), key_of('x').hmac("audit-head", "text"));
}

}  // namespace
}  // namespace quell::crypto
