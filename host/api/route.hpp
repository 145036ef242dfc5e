// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/task.hpp"
#include "http/message.hpp"
#include "identity/principal.hpp"
#include "json/value.hpp"

namespace quell::api {

// One call that has passed every check of the door. Lives until the handler has finished.
struct Call {
    const identity::Principal& caller;
    const http::Request& request;
    std::vector<std::string> path;               // values of the path's {...} in order, decoded
    json::Object query;                          // the parameters that came, checked and typed
    const json::Object& body;                    // empty where the route takes none
    std::optional<std::string> idempotency_key;  // of routes that take one
    std::stop_token stop;                        // fires when the client has left
};

struct Reply {
    std::string document;  // JSON text
    unsigned status = 200;
    std::vector<std::pair<std::string, std::string>> headers{};
};

// An Error becomes the error body, with the status of its code (error_answer.hpp).
using Handler = std::function<base::Task<Reply>(const Call&)>;

struct QueryParameter {
    std::string name;
    std::string description;
    std::string schema;  // JSON text; {"type": "integer"} is read as a number, everything else as text
};

// One way into the door: what it takes, what it answers, who may use it, and the code behind it. The OpenAPI document is
// made from nothing else.
struct Route {
    std::string method;     // "GET"
    std::string path;       // "/api/v1/containment-requests/{request_id}"
    std::string operation;  // its operationId, unique: "getContainmentRequest"
    std::string tag;        // the chapter of the document: "Containment"
    std::string summary;
    std::optional<identity::Scope> scope{};  // none: every principal
    std::vector<QueryParameter> query{};
    std::string body{};    // the definition of the body; empty: the route takes none
    std::string answer{};  // the definition of the answer
    unsigned status = 200;
    bool takes_idempotency_key = false;
    Handler handler{};
};

// The routes of one subject, and the schemas that they name: JSON text {"Name": schema, ...}, in which references are
// "#/$defs/Name". All groups share one space of names; `Error` and `Pagination` are there already.
struct RouteGroup {
    std::vector<Route> routes;
    std::string_view definitions;
};

}  // namespace quell::api
