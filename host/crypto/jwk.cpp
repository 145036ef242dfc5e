// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "crypto/jwk.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "crypto/openssl_handle.hpp"
#include "json/parse.hpp"

namespace quell::crypto {
namespace {

using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, OpensslFree<&OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, OpensslFree<&OSSL_PARAM_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, OpensslFree<&EVP_PKEY_CTX_free>>;

constexpr int kLeastRsaBits = 2048;
constexpr int kMostRsaBits = 8192;
constexpr BN_ULONG kLeastExponent = 65537;
constexpr int kMostExponentBits = 64;
constexpr std::size_t kFieldBytes = 32;  // of P-256 and Ed25519
constexpr std::size_t kMostKeys = 16;
constexpr std::size_t kMostProviderKeys = 64;
constexpr std::size_t kMostBytes = 64 * 1024;

struct Scheme {
    std::string_view algorithm;
    std::string_view type;
    const char* digest;
};
constexpr std::array<Scheme, 5> kSchemes = {{{"RS256", "RSA", "SHA256"},
                                             {"PS256", "RSA", "SHA256"},
                                             {"ES256", "EC", "SHA256"},
                                             {"EdDSA", "OKP", nullptr},
                                             {"Ed25519", "OKP", nullptr}}};

const Scheme* find_scheme(std::string_view algorithm) {
    const auto found = std::ranges::find(kSchemes, algorithm, &Scheme::algorithm);
    return found == kSchemes.end() ? nullptr : &*found;
}

Error bad_key(std::string_view why) {
    return Error(Code::invalid_argument, "invalid_arguments", "The key " + std::string(why) + ".")
        .next_step("Give public keys as a JWK Set: RSA of 2048 bits or more, EC P-256, or Ed25519, for signatures.");
}

std::string_view text_of(const json::Object& jwk, std::string_view name) {
    const json::Value* value = jwk.if_contains(name);
    return value == nullptr ? std::string_view() : json::text(*value);
}

// RFC 7517 4.2 to 4.4: what the key is for, where it says so.
Result<void> check_purpose(const json::Object& jwk) {
    for (const std::string_view secret : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
        if (jwk.contains(secret)) {
            return bad_key("holds a secret part; only the public half belongs here");
        }
    }
    if (jwk.contains("use") && text_of(jwk, "use") != "sig") {
        return bad_key("is not for signatures, by its \"use\"");
    }
    if (const json::Value* operations = jwk.if_contains("key_ops")) {
        const json::Array* list = operations->if_array();
        const bool verifies = list != nullptr && std::any_of(list->begin(), list->end(), [](const json::Value& one) {
            return json::text(one) == "verify";
        });
        if (!verifies) {
            return bad_key("is not for checking signatures, by its \"key_ops\"");
        }
    }
    const Scheme* scheme = find_scheme(text_of(jwk, "alg"));
    if (jwk.contains("alg") && (scheme == nullptr || scheme->type != text_of(jwk, "kty"))) {
        return bad_key("has an \"alg\" that does not fit it or is not supported");
    }
    return {};
}

// Keys of a faulty generator can be factored; they show in that the modulus is a power of 65537 modulo each of these
// primes (Nemec et al. 2017). By chance that happens once in 2^27 keys.
bool is_roca(const BIGNUM* modulus) {
    constexpr std::array<BN_ULONG, 17> kPrimes = {11, 13, 17, 19,  37,  53,  61,  71, 73,
                                                  79, 97, 103, 107, 109, 127, 151, 157};
    return std::ranges::all_of(kPrimes, [&](BN_ULONG prime) {
        const BN_ULONG wanted = BN_mod_word(modulus, prime);
        BN_ULONG power = 1;
        do {
            if (power == wanted) {
                return true;
            }
            power = power * 65537 % prime;
        } while (power != 1);
        return false;
    });
}

Bignum number(const json::Object& jwk, std::string_view name) {
    const auto bytes = from_base64url(text_of(jwk, name));
    if (!bytes || bytes->empty() || bytes->size() > kMostRsaBits / 8 + 1) {
        return nullptr;
    }
    return Bignum(BN_bin2bn(as_bytes(*bytes).data(), static_cast<int>(bytes->size()), nullptr));
}

std::shared_ptr<EVP_PKEY> make_key(const char* type, OSSL_PARAM_BLD* builder) {
    const Params params(OSSL_PARAM_BLD_to_param(builder));
    const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    require(params && context && EVP_PKEY_fromdata_init(context.get()) == 1);
    EVP_PKEY* key = nullptr;
    const bool made = EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) == 1;
    ERR_clear_error();
    return made ? std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free) : nullptr;
}

Result<std::shared_ptr<EVP_PKEY>> read_rsa(const json::Object& jwk) {
    const Bignum modulus = number(jwk, "n");
    const Bignum exponent = number(jwk, "e");
    if (!modulus || !exponent || BN_is_odd(modulus.get()) == 0) {
        return bad_key("has no good \"n\" and \"e\"");
    }
    const int bits = BN_num_bits(modulus.get());
    if (bits < kLeastRsaBits || bits > kMostRsaBits) {
        return bad_key("must have 2048 to 8192 bits");
    }
    const bool strong = BN_is_odd(exponent.get()) == 1 && BN_num_bits(exponent.get()) <= kMostExponentBits &&
                        BN_get_word(exponent.get()) >= kLeastExponent;
    if (!strong || is_roca(modulus.get())) {
        return bad_key("is weak: make a new one");
    }
    const ParamBuilder builder(OSSL_PARAM_BLD_new());
    require(builder && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1 &&
            OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1);
    auto key = make_key("RSA", builder.get());
    return key ? std::move(key) : Result<std::shared_ptr<EVP_PKEY>>(bad_key("cannot be read"));
}

Result<std::shared_ptr<EVP_PKEY>> read_p256(const json::Object& jwk) {
    const auto x = from_base64url(text_of(jwk, "x"));
    const auto y = from_base64url(text_of(jwk, "y"));
    // RFC 7518 6.2.1.2: the full width, leading zeroes included.
    if (text_of(jwk, "crv") != "P-256" || !x || !y || x->size() != kFieldBytes || y->size() != kFieldBytes) {
        return bad_key("is no EC key of the curve P-256");
    }
    const std::string point = "\x04" + *x + *y;
    const ParamBuilder builder(OSSL_PARAM_BLD_new());
    require(builder &&
            OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
            OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1);
    auto key = make_key("EC", builder.get());
    const PkeyContext context(key ? EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr) : nullptr);
    const bool on_curve = context && EVP_PKEY_public_check(context.get()) == 1;
    ERR_clear_error();
    return on_curve ? std::move(key) : Result<std::shared_ptr<EVP_PKEY>>(bad_key("is no point of the curve"));
}

Result<std::shared_ptr<EVP_PKEY>> read_ed25519(const json::Object& jwk) {
    const auto x = from_base64url(text_of(jwk, "x"));
    if (text_of(jwk, "crv") != "Ed25519" || !x || x->size() != kFieldBytes) {
        return bad_key("is no Ed25519 key");
    }
    std::shared_ptr<EVP_PKEY> key(
        EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, as_bytes(*x).data(), x->size()), EVP_PKEY_free);
    ERR_clear_error();
    return key ? std::move(key) : Result<std::shared_ptr<EVP_PKEY>>(bad_key("cannot be read"));
}

// RFC 7518 3.4: r and s in 32 bytes each; OpenSSL wants DER. Empty: not of that form.
std::string to_der(std::string_view raw) {
    if (raw.size() != 2 * kFieldBytes) {
        return {};
    }
    const EcdsaSignature signature(ECDSA_SIG_new());
    const int width = static_cast<int>(kFieldBytes);
    require(signature && ECDSA_SIG_set0(signature.get(), BN_bin2bn(as_bytes(raw).data(), width, nullptr),
                                        BN_bin2bn(as_bytes(raw).data() + width, width, nullptr)) == 1);
    std::uint8_t* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    require(size > 0);
    std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

// RFC 7518 3.5: the salt is as long as the digest, MGF1 uses the same one.
bool set_padding(EVP_PKEY_CTX* context, const Scheme& scheme) {
    return scheme.algorithm != "PS256" ||
           (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1);
}

bool verify(EVP_PKEY* key, const Scheme& scheme, std::string_view text, std::string_view signature) {
    const MdContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* options = nullptr;  // the context's own
    require(context && EVP_DigestVerifyInit_ex(context.get(), &options, scheme.digest, nullptr, nullptr, key,
                                               nullptr) == 1);
    require(set_padding(options, scheme));
    const bool good = EVP_DigestVerify(context.get(), as_bytes(signature).data(), signature.size(),
                                       as_bytes(text).data(), text.size()) == 1;
    ERR_clear_error();
    return good;
}

Result<json::Value> parse_document(std::string_view text) {
    return json::parse(text, {.bytes = kMostBytes, .depth = 8, .values = 2000});
}

Result<const json::Array*> keys_of(const json::Value& document, std::size_t most) {
    const json::Value* member = document.is_object() ? document.get_object().if_contains("keys") : nullptr;
    const json::Array* list = member == nullptr ? nullptr : member->if_array();
    if (list == nullptr || list->empty() || list->size() > most) {
        return invalid_arguments("A JWK Set is an object with 1 to " + std::to_string(most) +
                                 " public keys in \"keys\".");
    }
    return list;
}

bool may_be_meant(const PublicKey& key, std::string_view key_id) {
    return key_id.empty() || key.key_id().empty() || key.key_id() == key_id;
}

}  // namespace

PublicKey::PublicKey(std::shared_ptr<EVP_PKEY> key, std::string_view type, const json::Object& jwk)
    : key_(std::move(key)), type_(type), only_algorithm_(text_of(jwk, "alg")), key_id_(text_of(jwk, "kid")) {}

Result<PublicKey> PublicKey::from_jwk(const json::Object& jwk) {
    TRY_VOID(check_purpose(jwk));
    const std::string_view type = text_of(jwk, "kty");
    if (type == "RSA") {
        TRY(auto key, read_rsa(jwk));
        return PublicKey(std::move(key), "RSA", jwk);
    }
    if (type == "EC") {
        TRY(auto key, read_p256(jwk));
        return PublicKey(std::move(key), "EC", jwk);
    }
    if (type == "OKP") {
        TRY(auto key, read_ed25519(jwk));
        return PublicKey(std::move(key), "OKP", jwk);
    }
    return bad_key("has a \"kty\" other than RSA, EC and OKP");
}

bool PublicKey::verifies(std::string_view algorithm, std::string_view text, std::string_view signature) const {
    const Scheme* scheme = find_scheme(algorithm);
    if (scheme == nullptr || scheme->type != type_ || (!only_algorithm_.empty() && only_algorithm_ != algorithm)) {
        return false;
    }
    if (type_ != "EC") {
        return verify(key_.get(), *scheme, text, signature);
    }
    const std::string der = to_der(signature);
    return !der.empty() && verify(key_.get(), *scheme, text, der);
}

Result<KeySet> KeySet::parse(std::string_view text) {
    TRY(const json::Value document, parse_document(text));
    TRY(const json::Array* const list, keys_of(document, kMostKeys));
    KeySet set;
    for (const json::Value& one : *list) {
        if (!one.is_object()) {
            return bad_key("is no JSON object");
        }
        TRY(PublicKey key, PublicKey::from_jwk(one.get_object()));
        const bool twice = !key.key_id().empty() &&
                           std::ranges::find(set.keys_, key.key_id(), &PublicKey::key_id) != set.keys_.end();
        if (twice) {
            return bad_key("has the \"kid\" of another one");
        }
        set.keys_.push_back(std::move(key));
    }
    return set;
}

Result<KeySet> KeySet::parse_usable(std::string_view text) {
    TRY(const json::Value document, parse_document(text));
    TRY(const json::Array* const list, keys_of(document, kMostProviderKeys));
    KeySet set;
    for (const json::Value& one : *list) {
        auto key = one.is_object() ? PublicKey::from_jwk(one.get_object()) : bad_key("is no JSON object");
        if (key) {
            set.keys_.push_back(*std::move(key));
        }
    }
    return set.keys_.empty() ? Result<KeySet>(bad_key("set has none that can check a signature")) : std::move(set);
}

bool KeySet::may_hold(std::string_view key_id) const {
    return std::ranges::any_of(keys_, [&](const PublicKey& key) { return may_be_meant(key, key_id); });
}

bool KeySet::verifies(std::string_view key_id, std::string_view algorithm, std::string_view text,
                      std::string_view signature) const {
    return std::ranges::any_of(keys_, [&](const PublicKey& key) {
        return may_be_meant(key, key_id) && key.verifies(algorithm, text, signature);
    });
}

}  // namespace quell::crypto
