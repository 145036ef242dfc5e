// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/challenge_tasks.hpp"

#include "json/parse.hpp"
#include "json/serialize.hpp"
#include "json/writer.hpp"

namespace quell::mcp {
namespace {

using challenges::State;

constexpr std::string_view kPrefix = "challenge.";
constexpr std::int64_t kPollMs = 5'000;  // people take minutes

std::string text_of(const json::Object& record, std::string_view name) {
    return std::string(json::text(record.at(name)));
}

State state_of(const json::Object& record) {
    return challenges::parse_state(text_of(record, "status")).value_or(State::expired);
}

std::string_view status_of(const json::Object& record) {
    if (!challenges::is_final(state_of(record))) {
        return "working";
    }
    const json::Object* const outcome = record.at("outcome").if_object();
    const bool is_cancelled =
        outcome != nullptr && json::text(outcome->at("reason")) == challenges::to_string(challenges::Reason::cancelled);
    return is_cancelled ? "cancelled" : "completed";
}

// What a client shows while nobody has answered; it holds what whoever asked must pass on.
std::string status_message(const json::Object& record) {
    const json::Value& email = record.at("target_user_email");
    std::string message = "Waiting for " + (email.is_string() ? std::string(json::text(email)) : text_of(record, "target_user_id")) +
                          " (challenge_id " + text_of(record, "challenge_id") + ").";
    if (record.contains("verification_url")) {
        message += " Give the person this verification URL, and nobody else: " + text_of(record, "verification_url");
    }
    if (record.contains("match_number")) {
        message += " Tell the person the number " + text_of(record, "match_number") + " by another way.";
    }
    return message;
}

std::int64_t life_ms(const json::Object& record) {
    const auto from = parse_rfc3339(text_of(record, "created_at"));
    const auto to = parse_rfc3339(text_of(record, "expires_at"));
    return from && to ? (*to - *from).count() : 0;
}

void write_members(json::Writer& out, const json::Object& record) {
    const json::Value& ended_at = record.at("ended_at");
    out.member("taskId", std::string(kPrefix) + text_of(record, "challenge_id"));
    out.member("status", status_of(record));
    out.member("createdAt", text_of(record, "created_at"));
    out.member("lastUpdatedAt", ended_at.is_string() ? std::string(json::text(ended_at)) : text_of(record, "created_at"));
    out.member("ttlMs", life_ms(record));
    out.member("pollIntervalMs", kPollMs);
    if (status_of(record) == "working") {
        out.member("statusMessage", status_message(record));
    }
}

// The CallToolResult that the task ends with.
void write_result(json::Writer& out, const json::Object& record) {
    const std::string document = json::serialize(record);
    out.key("result");
    out.begin_object();
    out.key("content");
    out.begin_array();
    out.begin_object();
    out.member("type", "text");
    out.member("text", document);
    out.end_object();
    out.end_array();
    out.key("structuredContent");
    out.raw(document);
    out.member("isError", state_of(record) == State::expired);
    out.end_object();
}

std::string describe(const json::Object& record) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    write_members(out, record);
    if (status_of(record) == "completed") {
        write_result(out, record);
    }
    out.end_object();
    return text;
}

}  // namespace

bool is_challenge_task(std::string_view task_id) { return task_id.starts_with(kPrefix); }

std::optional<std::string> begin_challenge_task(std::string_view document) {
    const auto record = json::parse(document);
    if (!record || challenges::is_final(state_of(record->get_object()))) {
        return std::nullopt;
    }
    const std::string members = describe(record->get_object());
    return members.substr(1, members.size() - 2);
}

base::Task<std::string> challenge_task_result(challenges::Challenges& challenges, const identity::Principal& caller,
                                              std::string_view method, const std::string& task_id) {
    const ChallengeId id(task_id.substr(kPrefix.size()));
    CO_TRY(const std::string document, challenges.get_own(caller, id));
    CO_TRY(const json::Value record, json::parse(document));
    if (method == "tasks/get") {
        co_return describe(record.get_object());
    }
    if (method == "tasks/cancel") {
        // Cooperative: one that has ended meanwhile stays as it is.
        static_cast<void>(co_await challenges.cancel(caller, id));
    }
    co_return std::string("{}");
}

}  // namespace quell::mcp
