// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/ids.hpp"
#include "base/result.hpp"
#include "json/value.hpp"
#include "store/store.hpp"

namespace quell::usage {

// What a tenant has used (V64): one unit for each request that is no dry run and has a confirmed target of its own.
// Counting is part of the transaction that first confirms (orders/ledger.cpp); this reads. Any thread.
//   {"tenant", "units", "months": [{"month": "2026-11", "containment": 2, "revocation": 1}]}
Result<json::Value> usage_document(store::Store& store, const TenantId& tenant);

}  // namespace quell::usage
