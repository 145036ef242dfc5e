// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <quell/call.hpp>
#include <quell/http_message.hpp>
#include <quell/person.hpp>
#include <quell/result.hpp>
#include <quell/time.hpp>

namespace quell::inline v1 {

// An HTTP request that came to the connector's address. Hostile until its signature was checked.
struct InboundRequest {
    std::string method{};
    std::string query{};  // after the question mark, as sent
    std::vector<HttpHeader> headers{};
    std::string body{};  // every byte as it came
    Time received_at{};

    // The only header of that name, in any case; null if there is none, or more than one.
    const std::string* header(std::string_view name) const {
        const std::string* found = nullptr;
        for (const HttpHeader& candidate : headers) {
            if (!equal_ignoring_case(candidate.name, name))
                continue;
            if (found != nullptr)
                return nullptr;
            found = &candidate.value;
        }
        return found;
    }
};

// What the provider gets. The host lets Content-Type (JSON or plain text) and Retry-After through.
struct InboundResponse {
    int status = 200;
    std::vector<HttpHeader> headers{};
    std::string body{};
};

enum class ChallengeAnswer { verified, incident_reported };
enum class ApprovalDecision { approve, deny };

struct ChallengeAnswered {
    std::string challenge_id{};
    ChallengeAnswer answer = ChallengeAnswer::incident_reported;
    std::string number{};   // what the person gave; may be empty
    std::string context{};  // what the person wrote besides; may be empty
};

struct ChallengeRequested {
    Person target{};
    std::string context{};
};

struct ApprovalDecided {
    std::string approval_id{};
    ApprovalDecision decision = ApprovalDecision::deny;
    std::string reason{};
    std::string message{};  // the plugin's reference to the message with the buttons; may be empty
};

// Something that has happened. `id` tells it from all others of the connector: a request that is
// resent or replayed gives the same, and the host acts on it once. `provider_user_id` is who did it
// by the provider's word.
struct InboundEvent {
    std::string id{};
    std::string provider_user_id{};
    std::variant<ChallengeAnswered, ChallengeRequested, ApprovalDecided> what{};
};

struct InboundReply {
    InboundResponse response{};
    std::vector<InboundEvent> events{};
};

// "inbound_event/1": what the provider sends. Derive from it. Read-only; the provider waits a few
// seconds, so do here only what the answer needs.
class InboundEvents {
  public:
    virtual ~InboundEvents() = default;

    // Checks the signature over the body's bytes before it reads them; a bad one is an answer 401
    // without events, not an Error.
    virtual Result<InboundReply> handle(Call& call, const InboundRequest& request) = 0;
};

}  // namespace quell::inline v1
