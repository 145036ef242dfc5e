// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "crypto/jose.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/encoding.hpp"
#include "crypto/openssl_handle.hpp"

namespace quell::crypto {
namespace {

SecretString pem_of(EVP_PKEY* key, const EVP_CIPHER* cipher = nullptr) {
    const Bio out(BIO_new(BIO_s_mem()));
    char passphrase[] = "passphrase";
    PEM_write_bio_PKCS8PrivateKey(out.get(), key, cipher, cipher != nullptr ? passphrase : nullptr,
                                  cipher != nullptr ? 10 : 0, nullptr, nullptr);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return SecretString(std::string(text, static_cast<std::size_t>(size)));
}

Pkey rsa(unsigned bits) {
    return Pkey(EVP_RSA_gen(bits));
}

struct Jwt {
    std::string header;
    std::string claims;
    std::string signed_text;
    std::string signature;
};

Jwt split(const std::string& text) {
    const std::size_t first = text.find('.');
    const std::size_t second = text.find('.', first + 1);
    return {*from_base64url(text.substr(0, first)),
            *from_base64url(text.substr(first + 1, second - first - 1)), text.substr(0, second),
            *from_base64url(text.substr(second + 1))};
}

std::string der_of(std::string_view raw) {
    const EcdsaSignature signature(ECDSA_SIG_new());
    ECDSA_SIG_set0(signature.get(), BN_bin2bn(as_bytes(raw).data(), 32, nullptr),
                   BN_bin2bn(as_bytes(raw).data() + 32, 32, nullptr));
    std::uint8_t* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

bool verifies(EVP_PKEY* key, std::string_view text, std::string_view signature) {
    const MdContext context(EVP_MD_CTX_new());
    return EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key,
                                   nullptr) == 1 &&
           EVP_DigestVerify(context.get(), as_bytes(signature).data(), signature.size(),
                            as_bytes(text).data(), text.size()) == 1;
}

json::Object some_claims() {
    json::Object claims;
    claims["iss"] = "client";
    claims["exp"] = 1'900'000'000;
    return claims;
}

TEST(Jose, SignsRs256WithAnRsaKey) {
    const Pkey key = rsa(2048);
    const auto signer = PrivateKey::from_pem(pem_of(key.get()));
    ASSERT_TRUE(signer);

    const Jwt jwt = split(signer->sign_jwt("key-1", some_claims()));

    EXPECT_EQ(jwt.header, R"({"alg":"RS256","typ":"JWT","kid":"key-1"})");
    EXPECT_EQ(jwt.claims, R"({"iss":"client","exp":1900000000})");
    EXPECT_TRUE(verifies(key.get(), jwt.signed_text, jwt.signature));
}

TEST(Jose, SignsEs256AsTwoFixedWidthNumbers) {
    const Pkey key(EVP_EC_gen("P-256"));
    const auto signer = PrivateKey::from_pem(pem_of(key.get()));
    ASSERT_TRUE(signer);

    // A number with a leading zero byte comes once in 128 signatures: 600 show that the width
    // holds.
    for (int round = 0; round < 600; ++round) {
        const Jwt jwt = split(signer->sign_jwt("", some_claims()));
        ASSERT_EQ(jwt.signature.size(), 64U);
        ASSERT_TRUE(verifies(key.get(), jwt.signed_text, der_of(jwt.signature)));
    }
    EXPECT_EQ(split(signer->sign_jwt("", {})).header, R"({"alg":"ES256","typ":"JWT"})");
}

TEST(Jose, ShowsOnlyThePublicHalf) {
    const PrivateKey key = PrivateKey::generate_p256();

    const json::Object jwk = key.public_jwk("k1");

    EXPECT_EQ(jwk.size(), 7U);
    EXPECT_FALSE(jwk.contains("d"));
    EXPECT_EQ(jwk.at("kid"), "k1");
    EXPECT_EQ(from_base64url(json::text(jwk.at("x")))->size(), 32U);
    EXPECT_EQ(from_base64url(json::text(jwk.at("y")))->size(), 32U);
    const auto rsa_jwk = PrivateKey::from_pem(pem_of(rsa(2048).get()))->public_jwk("");
    EXPECT_EQ(rsa_jwk.at("e"), "AQAB");
    EXPECT_EQ(from_base64url(json::text(rsa_jwk.at("n")))->size(), 256U);
    EXPECT_FALSE(rsa_jwk.contains("kid"));
}

TEST(Jose, ReadsBackTheKeyItGenerated) {
    const PrivateKey key = PrivateKey::generate_p256();

    const auto again = PrivateKey::from_pem(key.to_pem());

    ASSERT_TRUE(again);
    EXPECT_EQ(again->public_jwk(""), key.public_jwk(""));
}

TEST(Jose, RefusesKeysThatAreWeakEncryptedOrNotKeys) {
    const Pkey other_curve(EVP_EC_gen("P-384"));
    const Pkey edwards(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    const Pkey good = rsa(2048);
    std::vector<SecretString> bad;
    bad.push_back(pem_of(rsa(1024).get()));
    bad.push_back(pem_of(other_curve.get()));
    bad.push_back(pem_of(edwards.get()));
    bad.push_back(pem_of(good.get(), EVP_aes_256_cbc()));
    for (std::string text :
         {std::string(), std::string(100'000, 'x'),
          std::string("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")}) {
        bad.push_back(SecretString(std::move(text)));
    }

    for (const SecretString& pem : bad) {
        const auto key = PrivateKey::from_pem(pem);
        ASSERT_FALSE(key);
        EXPECT_EQ(key.error()->code, Code::invalid_argument);
    }
}

}  // namespace
}  // namespace quell::crypto
