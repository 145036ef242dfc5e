// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quell/challenge_channel.hpp>
#include <quell/detail/base64.hpp>
#include <quell/detail/documents.hpp>
#include <quell/identity_lookup.hpp>
#include <quell/inbound_event.hpp>
#include <quell/notification_channel.hpp>

// The documents of sdk/schema/challenge_channel-1.*.json, inbound_event-1.*.json,
// notification_channel-1.*.json and identity_lookup-1.*.json.

namespace quell::inline v1::detail {

inline std::string text_or_empty(const nlohmann::json& document, std::string_view name) {
    return string_member(document, name).value_or("");
}

inline bool true_member(const nlohmann::json& document, std::string_view name) {
    const nlohmann::json* found = find_member(document, name);
    return found != nullptr && found->is_boolean() && found->get<bool>();
}

inline Result<Time> time_member(const nlohmann::json& document, std::string_view name) {
    const auto time = parse_time(text_or_empty(document, name));
    return time ? Result<Time>(*time) : Result<Time>(RequestReader::bad(name));
}

inline Person read_person(const nlohmann::json& document) {
    return {string_member(document, "provider_user_id"), string_member(document, "email")};
}

inline Result<Person> read_person_lookup(const nlohmann::json& document) {
    Person person = read_person(document);
    if (!person.provider_user_id && !person.email)
        return RequestReader::bad("email");
    return person;
}

inline Result<ChallengeRequester> read_requester(const nlohmann::json& document) {
    const nlohmann::json* found = find_member(document, "requester");
    if (found == nullptr)
        return RequestReader::bad("requester");
    QUELL_TRY(std::string label, RequestReader(*found).text("label"));
    return ChallengeRequester{read_person(*found), std::move(label)};
}

inline Result<ChallengeMessage> read_challenge(const nlohmann::json& document) {
    const nlohmann::json* target = find_member(document, "target");
    if (target == nullptr)
        return RequestReader::bad("target");
    ChallengeMessage challenge;
    QUELL_TRY(challenge.challenge_id, RequestReader(document).text("challenge_id"));
    QUELL_TRY(challenge.target, read_person_lookup(*target));
    QUELL_TRY(challenge.requester, read_requester(document));
    QUELL_TRY(challenge.expires_at, time_member(document, "expires_at"));
    challenge.context = text_or_empty(document, "context");
    challenge.number_match = true_member(document, "number_match");
    return challenge;
}

inline Result<ChallengeEnd> read_challenge_end(const nlohmann::json& document) {
    const std::string state = text_or_empty(document, "state");
    for (const ChallengeEnd end : {ChallengeEnd::verified, ChallengeEnd::failed,
                                   ChallengeEnd::expired, ChallengeEnd::incident_reported}) {
        if (to_string(end) == state)
            return end;
    }
    return RequestReader::bad("state");
}

inline Result<EndedChallenge> read_ended_challenge(const nlohmann::json& document) {
    EndedChallenge challenge;
    QUELL_TRY(challenge.challenge_id, RequestReader(document).text("challenge_id"));
    QUELL_TRY(challenge.message, RequestReader(document).text("message"));
    QUELL_TRY(challenge.state, read_challenge_end(document));
    QUELL_TRY(challenge.requester, read_requester(document));
    return challenge;
}

inline Result<WithdrawnChallenge> read_withdrawn_challenge(const nlohmann::json& document) {
    WithdrawnChallenge challenge;
    QUELL_TRY(challenge.challenge_id, RequestReader(document).text("challenge_id"));
    QUELL_TRY(challenge.message, RequestReader(document).text("message"));
    return challenge;
}

inline Result<std::vector<HttpHeader>> read_headers(const nlohmann::json& document) {
    const nlohmann::json* array = array_member(document, "headers");
    if (array == nullptr)
        return RequestReader::bad("headers");
    std::vector<HttpHeader> headers;
    for (const nlohmann::json& header : *array)
        headers.push_back({text_or_empty(header, "name"), text_or_empty(header, "value")});
    return headers;
}

inline Result<InboundRequest> read_inbound(const nlohmann::json& document) {
    InboundRequest request;
    QUELL_TRY(request.method, RequestReader(document).text("method"));
    QUELL_TRY(request.headers, read_headers(document));
    QUELL_TRY(request.received_at, time_member(document, "received_at"));
    request.query = text_or_empty(document, "query");
    auto body = base64_decoded(text_or_empty(document, "body_base64"));
    if (!body)
        return RequestReader::bad("body_base64");
    request.body = *std::move(body);
    return request;
}

inline std::vector<NotificationField> read_fields(const nlohmann::json& document) {
    std::vector<NotificationField> fields;
    if (const nlohmann::json* array = array_member(document, "fields")) {
        for (const nlohmann::json& field : *array)
            fields.push_back({text_or_empty(field, "name"), text_or_empty(field, "value")});
    }
    return fields;
}

inline Result<Notification> read_notification(const nlohmann::json& document) {
    const nlohmann::json* recipient = find_member(document, "recipient");
    if (recipient == nullptr)
        return RequestReader::bad("recipient");
    Notification notification;
    notification.person = read_person(*recipient);
    notification.channel = text_or_empty(*recipient, "channel");
    QUELL_TRY(notification.title, RequestReader(document).text("title"));
    QUELL_TRY(notification.text, RequestReader(document).text("text"));
    notification.fields = read_fields(document);
    notification.link = text_or_empty(document, "link");
    notification.approval_id = text_or_empty(document, "approval_id");
    notification.replaces = text_or_empty(document, "replaces");
    return notification;
}

inline nlohmann::json to_document(const SentChallenge& sent) {
    return {{"message", sent.message},
            {"target_user_id", sent.target_user_id},
            {"requester_user_id", text_or_null(sent.requester_user_id)}};
}

inline nlohmann::json to_document(const SentNotification& sent) {
    return {{"message", sent.message}};
}

inline nlohmann::json to_document(const std::vector<FoundUser>& users) {
    nlohmann::json list = nlohmann::json::array();
    for (const FoundUser& user : users)
        list.push_back({{"provider_user_id", user.provider_user_id},
                        {"email", text_or_null(user.email)},
                        {"name", text_or_null(user.name)},
                        {"active", user.active}});
    return {{"users", std::move(list)}};
}

inline void put_if_there(nlohmann::json& object, const char* name, const std::string& text) {
    if (!text.empty())
        object[name] = text;
}

inline nlohmann::json to_json(const Person& person) {
    nlohmann::json object = nlohmann::json::object();
    put_if_there(object, "provider_user_id", person.provider_user_id.value_or(""));
    put_if_there(object, "email", person.email.value_or(""));
    return object;
}

inline nlohmann::json to_json(const ChallengeAnswered& answered) {
    const bool verified = answered.answer == ChallengeAnswer::verified;
    nlohmann::json object = {{"type", "challenge_answered"},
                             {"challenge_id", answered.challenge_id},
                             {"answer", verified ? "verified" : "incident_reported"}};
    put_if_there(object, "number", answered.number);
    put_if_there(object, "context", answered.context);
    return object;
}

inline nlohmann::json to_json(const ChallengeRequested& requested) {
    nlohmann::json object = {{"type", "challenge_requested"}, {"target", to_json(requested.target)}};
    put_if_there(object, "context", requested.context);
    return object;
}

inline nlohmann::json to_json(const ApprovalDecided& decided) {
    const bool approved = decided.decision == ApprovalDecision::approve;
    nlohmann::json object = {{"type", "approval_decided"},
                             {"approval_id", decided.approval_id},
                             {"decision", approved ? "approve" : "deny"}};
    put_if_there(object, "reason", decided.reason);
    put_if_there(object, "message", decided.message);
    return object;
}

inline nlohmann::json to_json(const InboundEvent& event) {
    nlohmann::json object = std::visit([](const auto& what) { return to_json(what); }, event.what);
    object["event_id"] = event.id;
    object["provider_user_id"] = event.provider_user_id;
    return object;
}

inline nlohmann::json to_json(const InboundResponse& response) {
    nlohmann::json headers = nlohmann::json::array();
    for (const HttpHeader& header : response.headers)
        headers.push_back({{"name", header.name}, {"value", header.value}});
    return {{"status", response.status}, {"headers", std::move(headers)}, {"body", response.body}};
}

inline nlohmann::json to_document(const InboundReply& reply) {
    nlohmann::json events = nlohmann::json::array();
    for (const InboundEvent& event : reply.events)
        events.push_back(to_json(event));
    return {{"response", to_json(reply.response)}, {"events", std::move(events)}};
}

}  // namespace quell::inline v1::detail
