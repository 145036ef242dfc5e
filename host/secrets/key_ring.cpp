// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "secrets/key_ring.hpp"

#include <algorithm>
#include <span>

#include "base/encoding.hpp"

namespace quell::secrets {
namespace {

std::string id_of(const crypto::SealingKey& key) {
    const crypto::Digest digest = key.hmac("secret store key id", "v1");
    return to_hex(std::span(digest).first(8));
}

}  // namespace

KeyRing::KeyRing(std::vector<crypto::SealingKey> keys) {
    for (crypto::SealingKey& key : keys) {
        std::string id = id_of(key);
        keys_.push_back({std::move(id), std::move(key)});
    }
}

bool KeyRing::has(std::string_view key_id) const {
    return std::any_of(keys_.begin(), keys_.end(), [&](const Named& named) { return named.id == key_id; });
}

std::string KeyRing::seal(std::string_view plain, std::string_view associated) const {
    return keys_.front().key.seal(plain, associated);
}

Result<SecretString> KeyRing::open(std::string_view sealed, std::string_view key_id, std::string_view associated) const {
    const auto found = std::find_if(keys_.begin(), keys_.end(), [&](const Named& named) { return named.id == key_id; });
    if (found == keys_.end()) {
        return Error(Code::data_loss, "secret_key_missing", "This secret is sealed with a key that the host does not have.")
            .next_step("Put the earlier key into `previous_keys` of [secret_store].");
    }
    return found->key.open(sealed, associated);
}

}  // namespace quell::secrets
