// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/pkce.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

namespace quell::identity {
namespace {

// RFC 7636 4.1.
bool is_verifier(std::string_view text) {
    const bool unreserved = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               c == '_' || c == '~';
    });
    return unreserved && text.size() >= 43 && text.size() <= 128;
}

}  // namespace

bool is_code_challenge(std::string_view text) {
    return text.size() == 43 && from_base64url(text).has_value();
}

std::string code_challenge(std::string_view verifier) {
    return to_base64url(crypto::as_text(crypto::sha256(verifier)));
}

bool proves(std::string_view verifier, std::string_view challenge) {
    return is_code_challenge(challenge) && is_verifier(verifier) &&
           crypto::equal_constant_time(code_challenge(verifier), challenge);
}

}  // namespace quell::identity
