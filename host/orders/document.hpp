// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "orders/order.hpp"

namespace quell::orders {

// The result documents of INTERFACES.md 1 as JSON text, members in its order; `devices` for a containment, `accounts` for
// a revocation. A joined target has `joined_to` at its end; no other target has that member.
std::string to_document(const Order& order);
// The same with the text of integrations_text(order), for whoever needs both.
std::string to_document(const Order& order, std::string_view integrations);

// `integrations` alone: what is stored of a dry run.
std::string integrations_text(const Order& order);

// `resolved_by` of one target.
std::string resolved_by_text(const Target& target);

// {"requests": [...]} of documents.
std::string list_document(const std::vector<std::string>& documents);

// The inner object of an error document: what stands in a target's or integration's `error`.
json::Value error_value(const Error& error);

}  // namespace quell::orders
