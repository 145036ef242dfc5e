// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/password.hpp"

#include <argon2.h>

#include <array>

#include "base/random.hpp"

namespace quell::identity {
namespace {

constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kMemoryKib = 19 * 1024;
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kMinLength = 12;
constexpr std::size_t kMaxLength = 1024;

}  // namespace

Result<void> check_new_password(const SecretString& password) {
    const std::size_t length = password.reveal().size();
    if (length < kMinLength || length > kMaxLength) {
        return invalid_arguments("a password must have 12 to 1024 characters");
    }
    return {};
}

Result<std::string> hash_password(const SecretString& password) {
    const std::string salt = random_bytes(kSaltBytes);
    std::array<char, 128> encoded{};
    const int outcome = argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.reveal().data(),
                                              password.reveal().size(), salt.data(), salt.size(), kHashBytes,
                                              encoded.data(), encoded.size());
    if (outcome != ARGON2_OK) {
        return internal_error(std::string("argon2: ") + argon2_error_message(outcome));
    }
    return std::string(encoded.data());
}

bool matches_password(const std::string& encoded, const SecretString& password) {
    const std::string_view plain = password.reveal();
    return plain.size() <= kMaxLength && argon2id_verify(encoded.c_str(), plain.data(), plain.size()) == ARGON2_OK;
}

const std::string& unmatchable_hash() {
    // A well-formed hash of the usual cost whose salt and result are all zero.
    static const std::string encoded =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + std::string(43, 'A');
    return encoded;
}

}  // namespace quell::identity
