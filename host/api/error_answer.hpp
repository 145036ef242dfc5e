// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/error.hpp"
#include "http/message.hpp"
#include "json/value.hpp"

// Errors of the REST door: the members of INTERFACES.md 2, and beside them `code` and `details` (L41+).
namespace quell::api {

// The HTTP status of a code: 400, 401, 403, 404, 409, 429, 500, 501, 503 or 504.
unsigned http_status(Code code);

// {"error": {"code": "VALIDATION_ERROR", "message", "details", "key", "allowed", ...}}
json::Object error_body(const Error& error, json::Object details = {});

// The same as an answer that no cache stores, with Retry-After where a time is known.
http::Response error_answer(const Error& error, json::Object details = {});
// For what is none of the codes' statuses: 405, 406, 410, 415, ...
http::Response error_answer(unsigned status, const Error& error, json::Object details = {});

}  // namespace quell::api
