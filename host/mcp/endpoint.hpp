// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/router.hpp"
#include "identity/principal.hpp"
#include "mcp/content_door.hpp"
#include "mcp/era.hpp"
#include "mcp/tools.hpp"

namespace quell::mcp {

// How this server names itself, as JSON text.
std::string server_info(std::string_view version);

struct EndpointOptions {
    std::string public_url;  // exact, without a trailing slash
    std::string version;     // of this server, for serverInfo
    std::vector<std::string> allowed_origins{};  // of web pages, besides public_url's
    // Told of calls that end at this door, before the tool's own code: by scope or by the tool's schema.
    std::function<void(const identity::Principal& caller, const Tool& tool, std::string_view key)> note_refusal;
    // What plugins offer, sessions and streams; outlives the endpoint. Null: the product's tools alone.
    ContentDoor* content = nullptr;
    // Makes a check, to be asked when the request is gone, of whether its credential still holds. Needed with `content`.
    std::function<LiveStreams::StillAllowed(const http::Request& request)> still_allowed{};
};

// Who sends a request, by its token or API key, or why it is not taken. Supplied by identity.
using CallerCheck = std::function<Result<identity::Principal>(const http::Request& request)>;

// The tools at this moment; a call keeps its set until it is answered.
using PresentTools = std::function<std::shared_ptr<const ToolSet>()>;

// POST /mcp: authenticates, reads one JSON-RPC message, checks the era's claims, answers. Handlers are shared by
// both eras; only `initialize` and `ping` belong to the older, `server/discover` to the newer. Any I/O thread.
class Endpoint {
  public:
    Endpoint(EndpointOptions options, CallerCheck check, PresentTools tools);
    void add_routes(http::Router& router);

  private:
    // Lives in handle()'s frame, and so as long as the answer is awaited.
    struct Call {
        const http::Request& request;
        const Message& message;
        const identity::Principal& caller;
        const ToolSet& tools;
        Era era;
        std::shared_ptr<Session> session;  // older era; null where the client sends none
    };

    http::Answer handle(const http::Request& request) const;
    bool is_allowed(std::string_view origin) const;
    http::Response refuse_caller(const Error& error) const;
    // Older era, with a session: GET opens a stream, DELETE ends the session. 405 for everyone else.
    http::Answer handle_session(const http::Request& request) const;
    // Who asks, or why the request goes no further.
    std::optional<http::Response> refuse(const http::Request& request, identity::Principal& caller) const;
    Incoming incoming(const Call& call) const;
    http::Response take(const Call& call, const json::Object& document) const;
    http::Answer dispatch(const Call& call) const;
    http::Response answer_at_once(const Call& call) const;
    http::Answer call_tool(const Call& call) const;
    bool takes_tasks(const Call& call) const;
    http::Answer run_tool(const Call& call, const Tool& tool, const json::Value& arguments) const;
    http::Answer call_plugins_tool(const Call& call, std::string_view name) const;
    std::string capabilities(Era era) const;
    http::Response initialize(const Call& call) const;
    http::Response discover(const Call& call) const;
    http::Answer list_tools(const Call& call) const;
    http::Response insufficient_scope(const Call& call, const Tool& tool) const;

    EndpointOptions options_;
    CallerCheck check_;
    PresentTools tools_;
    std::string server_info_;     // JSON text
};

}  // namespace quell::mcp
