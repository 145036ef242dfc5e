// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/error.hpp"
#include "json/value.hpp"

namespace quell::json {

// {"error": {"key", "message", "allowed", "candidates", "next_step", "retryable",
// "retry_after_seconds"}} of INTERFACES.md 2. Every member is always there; next_step and
// retry_after_seconds are null when there is none. `detail` stays behind: it is for logs.
Object error_document(const Error& error);

}  // namespace quell::json
