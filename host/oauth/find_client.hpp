// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

#include "oauth/authorization.hpp"

// Who asks at the authorize endpoint. There are four ways to be a client: known by an id, not known yet (V08), described
// by a document at the address that is the id, or the one shared client (E06).
namespace quell::oauth {

// Whether the host would have to ask another one, which it does only for people who are signed in.
bool is_described_elsewhere(const Authorization& authorization);

// RFC 6749 4.1.2.1: a repeated, unknown or refused client is told to the person, never redirected.
LaterRefusal find_client(const Services& services, std::string_view peer, Authorization& authorization);
// Only one that is in the store.
Refusal find_stored_client(const Services& services, Authorization& authorization);

}  // namespace quell::oauth
