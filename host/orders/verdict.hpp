// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/error.hpp"

// What a failed call proves about the provider. Decided by the keys of INTERFACES.md 2.
namespace quell::orders {

// The provider answered the acting request with a refusal: nothing was done. Everything else (a timeout, a 5xx, a 409,
// a plugin that died) may hide an action that was taken, and is read back.
bool is_refusal(const Error& error);

// Asking again later may get another answer.
bool is_transient(const Error& error);

// A read-back found no trace of the action.
bool says_not_done(const Error& error);

}  // namespace quell::orders
