// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/inbound_event.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "json/parse.hpp"
#include "json/serialize.hpp"
#include "plugins/outcome.hpp"
#include "plugins/outcome_documents.hpp"

namespace quell::plugins {
namespace {

std::string to_document(const InboundRequest& request) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.member("method", request.method);
    out.member("query", request.query);
    out.key("headers");
    out.begin_array();
    for (const auto& [name, value] : request.headers) {
        out.begin_object();
        out.member("name", name);
        out.member("value", value);
        out.end_object();
    }
    out.end_array();
    out.member("body_base64", to_base64(request.body));
    out.member("received_at", to_rfc3339(request.received_at));
    out.end_object();
    return text;
}

bool is_called(std::string_view name, std::string_view lower_case) {
    return std::equal(name.begin(), name.end(), lower_case.begin(), lower_case.end(), [](char left, char right) {
        return (left >= 'A' && left <= 'Z' ? static_cast<char>(left - 'A' + 'a') : left) == right;
    });
}

// A plugin's answer is shown by no browser: nothing that could be a page, set a cookie or open the origin.
bool may_pass(std::string_view name, std::string_view value) {
    if (std::any_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; })) {
        return false;
    }
    if (is_called(name, "retry-after")) {
        return true;
    }
    const std::string_view media_type = value.substr(0, value.find(';'));
    return is_called(name, "content-type") && (is_called(media_type, "application/json") || is_called(media_type, "text/plain"));
}

HeaderList read_headers(const json::Object& response) {
    HeaderList headers;
    const json::Value* documents = response.if_contains("headers");
    if (documents == nullptr) {
        return headers;
    }
    for (const json::Value& document : documents->get_array()) {
        std::string name = text_at(document.get_object(), "name");
        std::string value = text_at(document.get_object(), "value");
        if (may_pass(name, value)) {
            headers.emplace_back(std::move(name), std::move(value));
        }
    }
    return headers;
}

Result<InboundReply> read_reply(const json::Value& reply) {
    const json::Object& response = reply.at("response").get_object();
    InboundReply read{.status = response.at("status").to_number<unsigned>(),
                      .headers = read_headers(response),
                      .body = text_at(response, "body"),
                      .events = {}};
    if (const json::Value* events = reply.get_object().if_contains("events")) {
        for (const json::Value& event : events->get_array()) {
            read.events.push_back({text_at(event.get_object(), "event_id"), json::serialize(event)});
        }
    }
    // A request that is refused has no effect, whatever the plugin thinks happened.
    if (read.status >= 300 && !read.events.empty()) {
        return bad_result("a refusal with events");
    }
    return read;
}

Person read_person(const json::Object& object) {
    return {optional_text_at(object, "provider_user_id"), optional_text_at(object, "email")};
}

Result<InboundEvent> read_event(const json::Object& object) {
    InboundEvent event{.event_id = text_at(object, "event_id"), .provider_user_id = text_at(object, "provider_user_id"), .what = {}};
    const std::string type = text_at(object, "type");
    if (type == "challenge_answered") {
        event.what = ChallengeAnswered{.challenge_id = text_at(object, "challenge_id"),
                                       .verified = text_at(object, "answer") == "verified",
                                       .number = text_at(object, "number"),
                                       .context = text_at(object, "context")};
    } else if (type == "challenge_requested") {
        event.what = ChallengeRequested{.target = read_person(object_at(object, "target")), .context = text_at(object, "context")};
    } else if (type == "approval_decided") {
        event.what = ApprovalDecided{.approval_id = text_at(object, "approval_id"),
                                     .approve = text_at(object, "decision") == "approve",
                                     .reason = text_at(object, "reason"),
                                     .message = text_at(object, "message")};
    } else {
        return Error(Code::internal, "internal_error", "An event of a plugin is of no known type.").detail(presentable(type));
    }
    return event;
}

}  // namespace

base::Task<InboundReply> handle_inbound(const Connector& connector, const InboundRequest& request, CallOptions options) {
    options.read_only = true;
    return connector.call<InboundReply>(kInboundEvent, "handle", to_document(request), std::move(options), read_reply);
}

Result<InboundEvent> parse_inbound_event(std::string_view text) {
    TRY(const json::Value document, json::parse(text));
    if (!document.is_object()) {
        return Error(Code::internal, "internal_error", "An event of a plugin is no object.");
    }
    return read_event(document.get_object());
}

}  // namespace quell::plugins
