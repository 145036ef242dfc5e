// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "crypto/jose.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/encoding.hpp"
#include "crypto/openssl_handle.hpp"
#include "json/serialize.hpp"

namespace quell::crypto {
namespace {

constexpr int kLeastRsaBits = 2048;
constexpr std::size_t kP256Size = 32;

int refuse_passphrase(char*, int, int, void*) {
    return -1;  // without this OpenSSL asks on the terminal
}

Error bad_key(std::string message) {
    return Error(Code::invalid_argument, "connector_misconfigured", std::move(message))
        .next_step("Give an unencrypted PEM private key: RSA of at least 2048 bits, or EC P-256.");
}

bool is_p256(const EVP_PKEY* key) {
    char group[32] = {};
    return EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, group, sizeof(group), nullptr) == 1 &&
           std::string_view(group) == SN_X9_62_prime256v1;
}

std::string big_endian(const BIGNUM* number, std::size_t width) {
    std::string out(width, '\0');
    const int size = static_cast<int>(width);
    require(BN_bn2binpad(number, reinterpret_cast<std::uint8_t*>(out.data()), size) == size);
    return out;
}

std::string member(const EVP_PKEY* key, const char* name, std::size_t width) {
    BIGNUM* raw = nullptr;
    require(EVP_PKEY_get_bn_param(key, name, &raw) == 1);
    const Bignum number(raw);
    return to_base64url(
        big_endian(raw, width != 0 ? width : static_cast<std::size_t>(BN_num_bytes(raw))));
}

// RFC 7518 3.4: r and s as two fixed-width numbers, where OpenSSL gives DER.
std::string raw_signature(std::string_view der) {
    const std::uint8_t* cursor = as_bytes(der).data();
    const EcdsaSignature parsed(d2i_ECDSA_SIG(nullptr, &cursor, static_cast<long>(der.size())));
    require(parsed != nullptr);
    return big_endian(ECDSA_SIG_get0_r(parsed.get()), kP256Size) +
           big_endian(ECDSA_SIG_get0_s(parsed.get()), kP256Size);
}

}  // namespace

std::string_view to_string(JwsAlgorithm algorithm) {
    return algorithm == JwsAlgorithm::RS256 ? "RS256" : "ES256";
}

Result<PrivateKey> PrivateKey::from_pem(const SecretString& pem) {
    const std::string_view text = pem.reveal();
    if (text.size() > 64 * 1024) {
        return bad_key("The private key is larger than 64 KiB.");
    }
    const Bio input(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    require(input != nullptr);
    std::shared_ptr<EVP_PKEY> key(
        PEM_read_bio_PrivateKey(input.get(), nullptr, &refuse_passphrase, nullptr), EVP_PKEY_free);
    ERR_clear_error();
    if (!key) {
        return bad_key("The private key cannot be read.");
    }
    if (is_p256(key.get())) {
        return PrivateKey(std::move(key), JwsAlgorithm::ES256);
    }
    if (EVP_PKEY_is_a(key.get(), "RSA") != 1 || EVP_PKEY_get_bits(key.get()) < kLeastRsaBits) {
        return bad_key("The private key is of a type or size that is not supported.");
    }
    return PrivateKey(std::move(key), JwsAlgorithm::RS256);
}

PrivateKey PrivateKey::generate_p256() {
    std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    require(key != nullptr);
    return PrivateKey(std::move(key), JwsAlgorithm::ES256);
}

SecretString PrivateKey::to_pem() const {
    const Bio output(BIO_new(BIO_s_secmem()));
    require(output && PEM_write_bio_PKCS8PrivateKey(output.get(), key_.get(), nullptr, nullptr, 0,
                                                    nullptr, nullptr) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(output.get(), &text);
    return SecretString(std::string(text, static_cast<std::size_t>(size)));
}

json::Object PrivateKey::public_jwk(std::string_view key_id) const {
    json::Object jwk;
    if (algorithm_ == JwsAlgorithm::RS256) {
        jwk["kty"] = "RSA";
        jwk["n"] = member(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0);
        jwk["e"] = member(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0);
    } else {
        jwk["kty"] = "EC";
        jwk["crv"] = "P-256";
        jwk["x"] = member(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, kP256Size);
        jwk["y"] = member(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, kP256Size);
    }
    jwk["alg"] = to_string(algorithm_);
    jwk["use"] = "sig";
    if (!key_id.empty()) {
        jwk["kid"] = key_id;
    }
    return jwk;
}

std::string PrivateKey::sign_jwt(std::string_view key_id, const json::Object& claims) const {
    json::Object header;
    header["alg"] = to_string(algorithm_);
    header["typ"] = "JWT";
    if (!key_id.empty()) {
        header["kid"] = key_id;
    }
    std::string text =
        to_base64url(json::serialize(header)) + '.' + to_base64url(json::serialize(claims));
    const std::string signature = sign(text);
    return text + '.' + to_base64url(signature);
}

std::string PrivateKey::sign(std::string_view text) const {
    const MdContext context(EVP_MD_CTX_new());
    require(context && EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr,
                                             key_.get(), nullptr) == 1);
    std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
    std::size_t size = out.size();
    require(EVP_DigestSign(context.get(), reinterpret_cast<std::uint8_t*>(out.data()), &size,
                           as_bytes(text).data(), text.size()) == 1);
    out.resize(size);
    return algorithm_ == JwsAlgorithm::ES256 ? raw_signature(out) : out;
}

}  // namespace quell::crypto
