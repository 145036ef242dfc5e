// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "identity/principal.hpp"
#include "store/tokens.hpp"

namespace quell::identity {

// Who acts with this token: its user or, for client_credentials, its client. With no more than the client, and the
// user's role, may have at this moment.
Principal principal_of(const store::LiveAccessToken& live);

}  // namespace quell::identity
