// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "crypto/seal.hpp"

#include <openssl/core_names.h>

#include <limits>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "crypto/openssl_handle.hpp"

namespace quell::crypto {
namespace {

constexpr std::string_view kVersion = "v1.";
constexpr std::size_t kKeySize = 32;
// NIST SP 800-38D: 96 random bits are good for 2^32 messages under one key, far above what one host
// ever seals.
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;

std::uint8_t* bytes_of(std::string& text) {
    return reinterpret_cast<std::uint8_t*>(text.data());
}

// RFC 5869, with the label as info and no salt (the material is random already).
SecretString derive(const SecretString& material, std::string_view label) {
    static EVP_KDF* const hkdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
    require(hkdf != nullptr);
    const KdfContext context(EVP_KDF_CTX_new(hkdf));
    char digest[] = "SHA256";
    const std::string_view key = material.reveal();
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, const_cast<char*>(key.data()),
                                          key.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, const_cast<char*>(label.data()),
                                          label.size()),
        OSSL_PARAM_construct_end()};
    std::string out(kKeySize, '\0');
    require(context && EVP_KDF_derive(context.get(), bytes_of(out), out.size(), parameters) == 1);
    return SecretString(std::move(out));
}

EVP_CIPHER* aes_256_gcm() {
    static EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    require(fetched != nullptr);
    return fetched;
}

EVP_CIPHER_CTX* start(bool encrypt, const SecretString& key, std::string_view nonce) {
    thread_local const CipherContext context(EVP_CIPHER_CTX_new());
    require(context &&
            EVP_CipherInit_ex2(context.get(), aes_256_gcm(), as_bytes(key.reveal()).data(),
                               as_bytes(nonce).data(), encrypt ? 1 : 0, nullptr) == 1);
    return context.get();
}

int int_size(std::string_view text) {
    require(text.size() <= std::numeric_limits<int>::max());
    return static_cast<int>(text.size());
}

bool update(EVP_CIPHER_CTX* context, std::uint8_t* out, std::string_view in) {
    int written = 0;
    return EVP_CipherUpdate(context, out, &written, as_bytes(in).data(), int_size(in)) == 1;
}

Error cannot_open() {
    return Error(Code::data_loss, "internal_error",
                 "A sealed value cannot be opened with this host's key.")
        .next_step("Check that [store] key is the key this store was made with.");
}

}  // namespace

Result<SealingKey> SealingKey::make(const SecretString& material) {
    if (material.reveal().size() < kKeySize) {
        return Error(Code::invalid_argument, "invalid_arguments",
                     "The host's key has fewer than 32 bytes.")
            .next_step("Make one with: openssl rand -base64 32");
    }
    return SealingKey(derive(material, "quell seal v1"), derive(material, "quell hmac v1"));
}

std::string SealingKey::seal(std::string_view plain, std::string_view associated) const {
    std::string out = random_bytes(kNonceSize);
    EVP_CIPHER_CTX* const context = start(true, seal_key_, out);
    out.resize(kNonceSize + plain.size() + kTagSize);
    std::uint8_t* const tag = bytes_of(out) + kNonceSize + plain.size();
    int written = 0;
    require(update(context, nullptr, associated) &&
            update(context, bytes_of(out) + kNonceSize, plain) &&
            EVP_CipherFinal_ex(context, tag, &written) == 1 &&
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kTagSize), tag) ==
                1);
    return std::string(kVersion) + to_base64url(out);
}

Result<SecretString> SealingKey::open(std::string_view sealed, std::string_view associated) const {
    if (!sealed.starts_with(kVersion)) {
        return cannot_open();
    }
    std::optional<std::string> bytes = from_base64url(sealed.substr(kVersion.size()));
    if (!bytes || bytes->size() < kNonceSize + kTagSize) {
        return cannot_open();
    }
    const std::string_view whole = *bytes;
    const std::string_view body = whole.substr(kNonceSize, whole.size() - kNonceSize - kTagSize);
    EVP_CIPHER_CTX* const context = start(false, seal_key_, whole.substr(0, kNonceSize));
    std::string plain(body.size(), '\0');
    std::uint8_t* const tag = bytes_of(*bytes) + kNonceSize + body.size();
    int written = 0;
    const bool good =
        update(context, nullptr, associated) && update(context, bytes_of(plain), body) &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTagSize), tag) == 1 &&
        EVP_CipherFinal_ex(context, tag, &written) == 1;
    SecretString opened(std::move(plain));  // also wipes what an unauthentic text decrypted to
    if (!good) {
        return cannot_open();
    }
    return opened;
}

Digest SealingKey::hmac(std::string_view purpose, std::string_view text) const {
    const Digest key = hmac_sha256(hmac_key_.reveal(), purpose);
    return hmac_sha256(as_text(key), text);
}

}  // namespace quell::crypto
