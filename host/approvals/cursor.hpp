// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/approvals.hpp"

namespace quell::approvals {

// A place in the list, opaque to callers (A07): base64 of the time and id of the last row.
std::string make_cursor(const store::ApprovalRow& last);
// Empty: the beginning. invalid_arguments for what make_cursor cannot have made.
Result<void> read_cursor(std::string_view cursor, store::ApprovalQuery& query);

}  // namespace quell::approvals
