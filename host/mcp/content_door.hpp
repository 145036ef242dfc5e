// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <memory>

#include "challenges/service.hpp"
#include "mcp/content_call.hpp"
#include "mcp/host_resources.hpp"
#include "mcp/live_streams.hpp"
#include "mcp/message.hpp"
#include "mcp/sessions.hpp"
#include "mcp/subscriptions.hpp"

namespace quell::mcp {

// One request with who sent it. Lives as long as its handler.
struct Incoming {
    const http::Request& request;
    const Message& message;
    const identity::Principal& caller;
    Era era;
    std::shared_ptr<Session> session;  // older era; may be null
    LiveStreams::StillAllowed still_allowed;
};

struct ContentDoorOptions {
    std::string public_url;
    std::string server_info;  // JSON text
    const crypto::SealingKey& key;
    std::function<std::uint64_t()> revocation_mark;
    // The catalogue at this moment, with the deployment behind it.
    std::function<std::shared_ptr<ContentCatalog>()> catalog;
    decltype(ContentServices::before_acting) before_acting;
    decltype(ContentServices::called) called;
    // Challenges at this moment, with the deployment behind them: the tasks that the product's own tools begin. Null: none.
    std::function<std::shared_ptr<challenges::Challenges>()> challenges{};
    HostResources* own = nullptr;  // null: plugins' resources alone
};

// What plugins offer, and what goes beyond one request: resources, prompts, completion, tools of plugins, event streams,
// sessions, subscriptions and tasks, in both eras. Endpoint authenticates and checks; the product's own tools are not known here.
// Any I/O thread.
class ContentDoor {
  public:
    explicit ContentDoor(ContentDoorOptions options);

    // One timer, on this context, which stops before this object ends.
    void start(boost::asio::io_context& context) { streams_.start(context); }

    // Whether a method other than tools/list and tools/call is served here.
    static bool serves(std::string_view method, Era era);
    http::Answer answer(Incoming incoming);

    base::Task<std::shared_ptr<const ContentSet>> content(TenantId tenant);
    // A tool of a plugin; nothing if there is none of that name.
    http::Answer call_tool(Incoming incoming, std::shared_ptr<const ContentSet> content, const ContentSet::Tool& tool);

    // Older era: GET opens or takes up a stream, DELETE ends the session; a response or notification of a client.
    http::Response open_stream(const Incoming& incoming);
    void take(const Incoming& incoming, const json::Object& message);

    // A connector's content has changed; the settings were read again.
    void changed(const TenantId& tenant, const ConnectorKey& connector, const plugins::McpEvent& event);
    void changed_all(const std::vector<TenantId>& tenants);

    Sessions& sessions() { return sessions_; }

  private:
    std::shared_ptr<ContentCall> make_call(const Incoming& incoming, const ContentSource& source, std::shared_ptr<const ContentSet> content);
    http::Answer run(Incoming incoming, std::shared_ptr<ContentCall> call);
    http::Answer read_resource(Incoming incoming);
    http::Answer get_prompt(Incoming incoming);
    http::Answer complete(Incoming incoming);
    http::Answer list(Incoming incoming, std::string_view member, ContentSet::Items items, std::string own);
    http::Answer read_own(Incoming incoming, std::string uri);
    http::Response listen(const Incoming& incoming);
    http::Response set_log_level(const Incoming& incoming);
    http::Response subscribe(const Incoming& incoming, bool on);
    http::Answer serve_task(Incoming incoming);
    http::Answer get_task(Incoming incoming, std::string id);
    http::Answer cancel_task(Incoming incoming, std::string id);
    http::Answer serve_challenge_task(Incoming incoming, std::string id);
    http::Response refuse_scope(const Incoming& incoming, identity::Scope scope) const;

    const ContentDoorOptions options_;
    RequestStates states_;
    Tasks tasks_;
    Sessions sessions_;
    Subscriptions subscriptions_;
    LiveStreams streams_;
    const ContentServices services_;
};

}  // namespace quell::mcp
