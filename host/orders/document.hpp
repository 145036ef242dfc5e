// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/error.hpp"
#include "orders/order.hpp"

namespace quell::orders {

// The result documents of INTERFACES.md 1, members in its order; `devices` for a containment, `accounts` for a
// revocation. A joined target has `joined_to` at its end; no other target has that member.
json::Object to_document(const Order& order, const json::Storage& storage = {});

// `integrations` alone: what is stored of a dry run.
json::Array integrations_document(const Order& order, const json::Storage& storage = {});

// `resolved_by` of one target.
json::Array resolved_by_document(const Target& target, const json::Storage& storage = {});

// The inner object of an error document: what stands in a target's or integration's `error`.
json::Value error_value(const Error& error);

}  // namespace quell::orders
