// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "crypto/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include "base/encoding.hpp"
#include "crypto/openssl_handle.hpp"

namespace quell::crypto {
namespace {

const EVP_MD* sha256_algorithm() {
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    require(fetched != nullptr);
    return fetched;
}

MacContext make_hmac_context() {
    static EVP_MAC* const fetched = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    require(fetched != nullptr);
    MacContext context(EVP_MAC_CTX_new(fetched));
    // The digest's name stays in the context, so that a later init needs the key alone.
    char name[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_end()};
    require(context && EVP_MAC_CTX_set_params(context.get(), parameters) == 1);
    return context;
}

}  // namespace

Digest sha256(std::string_view text) {
    thread_local const MdContext context(EVP_MD_CTX_new());
    Digest out;
    require(context && EVP_DigestInit_ex2(context.get(), sha256_algorithm(), nullptr) == 1 &&
            EVP_DigestUpdate(context.get(), text.data(), text.size()) == 1 &&
            EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1);
    return out;
}

std::string sha256_hex(std::string_view text) {
    return to_hex(sha256(text));
}

Digest hmac_sha256(std::string_view key, std::string_view text) {
    thread_local const MacContext context = make_hmac_context();
    // A null key would mean "the key of the last call".
    static constexpr std::uint8_t kEmpty = 0;
    const std::uint8_t* key_bytes = key.empty() ? &kEmpty : as_bytes(key).data();
    Digest out;
    std::size_t length = 0;
    require(EVP_MAC_init(context.get(), key_bytes, key.size(), nullptr) == 1 &&
            EVP_MAC_update(context.get(), as_bytes(text).data(), text.size()) == 1 &&
            EVP_MAC_final(context.get(), out.data(), &length, out.size()) == 1 &&
            length == out.size());
    return out;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace quell::crypto
