// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/error.hpp"

// What a failed call proves about the provider. Decided by the keys of INTERFACES.md 2.
namespace quell::orders {

// The provider answered the acting request with a refusal: nothing was done. Everything else (a timeout, a 5xx, a 409,
// a plugin that died) may hide an action that was taken, and is read back.
bool is_refusal(const Error& error);

// How the acting requests of a call ended, as the host saw it: what a plugin says about them is believed no further.
// From the best proof to the worst; the worst of a call counts.
enum class Ending {
    refused,  // by 4xx, or nothing left: a refusal of the whole call is believed
    taken,    // 2xx: only refusals of single targets are, which stand in the provider's answer
    open      // 5xx, another status, no answer: no refusal is
};

// `status` 0: no answer.
Ending ending_of(int status);

// `error`, unless it is a refusal that the endings do not bear out: a plugin may have been refused something else, like
// reading back after a lost answer. Then it is an error that proves nothing.
Error believed(const Error& error, bool may_be_refused);

// Asking again later may get another answer.
bool is_transient(const Error& error);

// A read-back found no trace of the action.
bool says_not_done(const Error& error);

}  // namespace quell::orders
