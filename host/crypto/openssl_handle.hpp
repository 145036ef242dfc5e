// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <cstdlib>
#include <memory>

namespace quell::crypto {

// Owns an OpenSSL object by its own free function.
template <auto Free>
struct OpensslFree {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

using MdContext = std::unique_ptr<EVP_MD_CTX, OpensslFree<&EVP_MD_CTX_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, OpensslFree<&EVP_MAC_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, OpensslFree<&EVP_CIPHER_CTX_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, OpensslFree<&EVP_KDF_CTX_free>>;
using Pkey = std::unique_ptr<EVP_PKEY, OpensslFree<&EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, OpensslFree<&BIO_free_all>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, OpensslFree<&ECDSA_SIG_free>>;
using Bignum = std::unique_ptr<BIGNUM, OpensslFree<&BN_free>>;

// For primitives that fail only where memory or the library itself is broken: going on would be
// worse than ending.
inline void require(bool ok) {
    if (!ok) {
        std::abort();
    }
}

}  // namespace quell::crypto
