// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret_string.hpp"

namespace quell::identity {

// Passwords as argon2id hashes in the encoded form ($argon2id$v=19$m=19456,t=2,p=1$...): 19 MiB, two passes, one
// lane, about 20 ms. Blocking: on an I/O thread go through PasswordPool.

// Refuses fewer than 12 and more than 1024 bytes.
Result<void> check_new_password(const SecretString& password);
Result<std::string> hash_password(const SecretString& password);
// False also for a hash that is not an argon2id one.
bool matches_password(const std::string& encoded, const SecretString& password);
// A hash of the same cost that no password matches: for users that do not exist (OA-31).
const std::string& unmatchable_hash();

}  // namespace quell::identity
