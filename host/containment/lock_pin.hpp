// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "crypto/seal.hpp"
#include "orders/order.hpp"

namespace quell::containment {

// The PIN of a lock: made by the host, sealed for its request and device before anything is sent (INTERFACES.md 1).
SecretString make_pin(int digits);  // from the kernel's CSPRNG, each digit alike

// Where a PIN belongs: the request that acts, which for a joined target is the other one.
struct PinPlace {
    const TenantId& tenant;
    const RequestId& request;
    const std::string& device;
};

std::string seal_pin(const crypto::SealingKey& key, const PinPlace& place, const SecretString& pin);
Result<SecretString> open_pin(const crypto::SealingKey& key, const PinPlace& place, const std::string& sealed);

// vsecure://lock-pins/<request>/<device>: names the PIN without holding it.
std::string pin_reference(const PinPlace& place);

// Adds lock_pin_ref, and with `reveal` lock_pin, to the result_metadata of every target whose PIN may be in use.
void show_pins(const crypto::SealingKey& key, bool reveal, orders::Order& order);

}  // namespace quell::containment
