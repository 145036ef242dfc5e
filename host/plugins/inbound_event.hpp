// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "plugins/connector.hpp"
#include "plugins/person.hpp"

namespace quell::plugins {

// inbound_event/1 (sdk/schema) as types.
inline constexpr std::string_view kInboundEvent = "inbound_event/1";
// The limits of inbound_event-1.handle.request.json.
inline constexpr std::size_t kMaxInboundBody = 1024 * 1024;
inline constexpr std::size_t kMaxInboundQuery = 4096;

using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct InboundRequest {
    std::string method{};
    std::string query{};
    HeaderList headers{};
    std::string body{};  // at most kMaxInboundBody
    WallTime received_at{};
};

// An event as the plugin gave it, to be kept until it was acted on.
struct InboundEventDocument {
    std::string event_id;
    std::string text;  // JSON, valid by the schema
};

struct InboundReply {
    unsigned status = 200;
    HeaderList headers;  // only those that a plugin may set
    std::string body;
    std::vector<InboundEventDocument> events;
};

// The plugin's answer to a provider, and what has happened. Read-only.
base::Task<InboundReply> handle_inbound(const Connector& connector, const InboundRequest& request, CallOptions options);

struct ChallengeAnswered {
    std::string challenge_id;
    bool verified = false;  // else an incident was reported
    std::string number;
    std::string context;
};

struct ChallengeRequested {
    Person target;
    std::string context;
};

struct ApprovalDecided {
    std::string approval_id;
    bool approve = false;
    std::string reason;
    std::string message;
};

// `provider_user_id` is who did it, by the provider's word.
struct InboundEvent {
    std::string event_id;
    std::string provider_user_id;
    std::variant<ChallengeAnswered, ChallengeRequested, ApprovalDecided> what;
};

// The event of a document that handle_inbound gave; internal_error for another text.
Result<InboundEvent> parse_inbound_event(std::string_view text);

}  // namespace quell::plugins
