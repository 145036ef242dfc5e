// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// The parts of Endpoint that are about sessions of the older era, and what the content door gets to see of a request.

#include "http/accept.hpp"
#include "mcp/endpoint.hpp"

namespace quell::mcp {

// The stateless era has neither (MC-05); a client without a session has no stream to open.
http::Answer Endpoint::handle_session(const http::Request& request) const {
    identity::Principal caller;
    if (auto refusal = refuse(request, caller)) {
        co_return *std::move(refusal);
    }
    const std::string_view id = request.find("Mcp-Session-Id");
    if (id.empty() || is_stateless(request) || request.method == "HEAD") {
        http::Response response = http::text(405, "This address takes POST; GET and DELETE are for sessions of 2025-11-25 and before.\n");
        response.headers.emplace_back("Allow", "POST");
        co_return response;
    }
    const auto session = options_.content->sessions().find(id, caller);
    if (!session) {
        co_return http::text(404, "There is no such session; initialize again.\n");
    }
    if (request.method == "DELETE") {
        options_.content->sessions().end(session);
        co_return http::Response{.status = 204};
    }
    if (!http::accepts_event_stream(request.find("Accept"))) {
        co_return http::text(406, "The answer is text/event-stream; Accept must allow it.\n");
    }
    const Message none;
    const Incoming asked{request, none, caller, Era::sessions, session, options_.still_allowed(request)};
    co_return options_.content->open_stream(asked);
}

Incoming Endpoint::incoming(const Call& call) const {
    return {call.request, call.message, call.caller, call.era, call.session, options_.still_allowed(call.request)};
}

http::Response Endpoint::take(const Call& call, const json::Object& document) const {
    if (options_.content != nullptr) {
        options_.content->take(incoming(call), document);
    }
    return {.status = 202};
}

}  // namespace quell::mcp
