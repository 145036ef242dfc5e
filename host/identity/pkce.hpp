// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

// Proof Key for Code Exchange, S256 only (RFC 7636).
namespace quell::identity {

// 43 characters of base64url for 32 bytes (RFC 7636 4.2).
bool is_code_challenge(std::string_view text);
// RFC 7636 4.2: what a client sends ahead of its verifier.
std::string code_challenge(std::string_view verifier);
// RFC 7636 4.6: the verifier is well formed (43 to 128 unreserved characters) and its digest is the challenge.
// No verifier proves an empty challenge (OA-06).
bool proves(std::string_view verifier, std::string_view challenge);

}  // namespace quell::identity
