// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/seal.hpp"

namespace quell::secrets {

// The keys of the built-in store: the first seals, all open. Each has an id that tells nothing of it, so that a value names
// the key that it needs and rotation finds what is left to seal again. Immutable, any thread.
class KeyRing {
  public:
    // At least one key, the present one first.
    explicit KeyRing(std::vector<crypto::SealingKey> keys);

    bool has(std::string_view key_id) const;
    const std::string& present_id() const { return keys_.front().id; }
    std::string seal(std::string_view plain, std::string_view associated) const;
    // data_loss if the key is not on the ring, or the value was changed or moved.
    Result<SecretString> open(std::string_view sealed, std::string_view key_id, std::string_view associated) const;

  private:
    struct Named {
        std::string id;
        crypto::SealingKey key;
    };
    std::vector<Named> keys_;
};

}  // namespace quell::secrets
