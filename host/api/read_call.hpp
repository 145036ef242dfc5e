// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "api/route_table.hpp"
#include "base/trace_context.hpp"

// What a call brings, read and checked. Every byte is hostile. Refusals are invalid_arguments.
namespace quell::api {

// The caller's trace, as its header says; one that is malformed or repeated is not continued.
TraceContext trace_of(const http::Request& request);

// The body as an object: of a route that takes none an empty one, and then nothing may come.
Result<json::Value> read_body(const CheckedRoute& route, const http::Request& request, json::Storage storage);

// The call; borrows all that it is given.
Result<Call> read_call(const CheckedRoute& route, const http::Request& request, const identity::Principal& caller,
                       const json::Object& body, std::stop_token stop);

// {"violations": [{"pointer", "message", "allowed"}]}, at most 20.
json::Object violations_of(const json::Schema& schema, const json::Value& body);

}  // namespace quell::api
