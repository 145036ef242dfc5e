// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/challenge_channel.hpp"

#include "plugins/outcome_documents.hpp"

namespace quell::plugins {
namespace {

void write(json::Writer& out, const ChallengeRequester& requester) {
    out.key("requester");
    out.begin_object();
    write_members(out, requester.person);
    out.member("label", requester.label);
    out.end_object();
}

std::string to_document(const ChallengeMessage& challenge) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.member("challenge_id", challenge.challenge_id);
    out.key("target");
    out.begin_object();
    write_members(out, challenge.target);
    out.end_object();
    write(out, challenge.requester);
    write_unless_empty(out, "context", challenge.context);
    out.member("number_match", challenge.number_match);
    out.member("expires_at", to_rfc3339(challenge.expires_at));
    out.end_object();
    return text;
}

std::string to_document(const EndedChallenge& ended) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.member("challenge_id", ended.challenge_id);
    out.member("message", ended.message);
    out.member("state", ended.state);
    write(out, ended.requester);
    out.end_object();
    return text;
}

std::string withdrawal(const std::string& challenge_id, const std::string& message) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.member("challenge_id", challenge_id);
    out.member("message", message);
    out.end_object();
    return text;
}

Result<SentChallenge> read_sent(const json::Value& reply) {
    const json::Object& object = reply.get_object();
    return SentChallenge{.message = text_at(object, "message"),
                         .target_user_id = text_at(object, "target_user_id"),
                         .requester_user_id = optional_text_at(object, "requester_user_id")};
}

Result<void> read_nothing(const json::Value&) { return {}; }

}  // namespace

base::Task<SentChallenge> send_challenge(const Connector& connector, const ChallengeMessage& challenge, CallOptions options) {
    options.read_only = false;
    return connector.call<SentChallenge>(kChallengeChannel, "send", to_document(challenge), std::move(options), read_sent);
}

base::Task<void> show_challenge_end(const Connector& connector, const EndedChallenge& ended, CallOptions options) {
    options.read_only = false;
    return connector.call<void>(kChallengeChannel, "update", to_document(ended), std::move(options), read_nothing);
}

base::Task<void> withdraw_challenge(const Connector& connector, const std::string& challenge_id, const std::string& message,
                                    CallOptions options) {
    options.read_only = false;
    return connector.call<void>(kChallengeChannel, "cancel", withdrawal(challenge_id, message), std::move(options), read_nothing);
}

}  // namespace quell::plugins
