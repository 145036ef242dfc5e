// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

#include "base/secret_string.hpp"
#include "identity/clients.hpp"
#include "store/clients.hpp"

// A client as the store keeps it.
namespace quell::identity {

Client from_row(store::ClientRow row);
// Only the hash of the secret; `actor` is the principal who made the client.
store::ClientRow to_row(const Client& client, const SecretString& secret, std::string_view actor);

}  // namespace quell::identity
