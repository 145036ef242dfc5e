// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "config/secret_rule.hpp"
#include "json/value.hpp"

namespace quell::secrets {

// A rule in the words of the model product (A10, L06): uri, name, description, permissions, requiresApproval, approvers,
// autoApprove{enabled, conditions{timeWindow, requester, operations}}, requireReason, minReasonLength, maxTtl (seconds).
json::Object to_document(const config::SecretRule& rule);
// invalid_arguments for what is wrong, and for members that it does not know.
Result<config::SecretRule> read_rule(const json::Object& document, const config::ApprovalSettings& approvals);

}  // namespace quell::secrets
