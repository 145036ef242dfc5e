// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "config/secret_settings.hpp"
#include "identity/principal.hpp"
#include "store/statement.hpp"

namespace quell::approvals {

// L11: every condition that the rule gives holds now. The requester is who the credentials prove: a principal's id, a user's
// e-mail, a client's id, the name of a client or API key that an administrator made; never what a caller calls itself.
Result<bool> approves_by_itself(store::Reader& reader, const config::AutoApproval& rule, const identity::Principal& requester,
                                std::string_view operation, WallTime now);

}  // namespace quell::approvals
