// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "audit/trail.hpp"
#include "orders/actor.hpp"
#include "orders/order.hpp"

// The audit records of an order's life. Events: <kind>_dry_run, <kind>_intent, <kind>_sent, <kind>_outcome and
// <kind>_refused, where kind is containment or revocation. None holds a PIN.
namespace quell::orders {

// The order as it was placed: who, what, why, and the targets that were found.
audit::Record order_record(const Order& order);
// The same detail as JSON text; rows.hpp reads a dry run back from it.
std::string order_detail_text(const Order& order);
std::string_view dry_run_event(Kind kind);
// A target that reached its present state.
audit::Record target_record(const Batch& batch, const Target& target);
// The same of a request whose target mirrors that one.
audit::Record joined_record(const Batch& batch, const Target& first, const RequestId& joined);
// Nothing was ordered. The order needs no id and no integrations.
audit::Record refusal_record(const Order& order, const Error& error);

}  // namespace quell::orders
