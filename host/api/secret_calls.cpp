// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "api/secret_calls.hpp"

#include "api/error_answer.hpp"
#include "base/duration.hpp"
#include "json/read.hpp"
#include "json/serialize.hpp"

namespace quell::api {

std::string text_of(const json::Object& object, std::string_view name) {
    const json::Value* const value = json::find(object, name);
    return value == nullptr ? std::string() : std::string(json::text(*value));
}

std::vector<std::string> texts_of(const json::Array& array) {
    std::vector<std::string> texts;
    for (const json::Value& value : array) {
        texts.emplace_back(json::text(value));
    }
    return texts;
}

Result<std::optional<std::chrono::seconds>> ttl_of(const json::Object& body) {
    TRY(const auto seconds, json::optional_integer(body, "ttl"));
    const std::string duration = text_of(body, "duration");
    if (seconds && !duration.empty()) {
        return invalid_arguments("Give `ttl` or `duration`, not both.");
    }
    if (!duration.empty()) {
        TRY(const auto parsed, parse_duration(duration));
        return std::optional(parsed);
    }
    return seconds ? std::optional(std::chrono::seconds(*seconds)) : std::nullopt;
}

std::int64_t limit_of(const Call& call) {
    const json::Value* const limit = json::find(call.query, "limit");
    return limit && limit->is_int64() ? limit->get_int64() : 50;
}

secrets::Access access_of(const Call& call) {
    secrets::Access access{.caller = call.caller};
    access.peer = call.request.peer;
    access.user_agent = call.request.find("User-Agent");
    return access;
}

Result<void> check_is_caller(const identity::Principal& caller, std::string_view named) {
    const std::string_view id = std::string_view(caller.id).substr(caller.id.find(':') + 1);
    const std::string_view email = std::string_view(caller.label).substr(0, caller.label.find(" (key "));
    if (named.empty() || named == caller.id || named == id || named == email || named == "user_" + std::string(id)) {
        return {};
    }
    return Error(Code::permission_denied, "not_an_approver", "`approvedBy` names somebody else than the caller.")
        .next_step("Leave it out: who calls decides.");
}

json::Object approval_of(const SecretServices& services, const approvals::Approval& approval) {
    return approvals::to_document(approval, services.approvals.now(), services.secrets.public_url());
}

json::Object pagination(const std::string& cursor) {
    return {{"cursor", cursor.empty() ? json::Value(nullptr) : json::Value(cursor)}, {"hasMore", !cursor.empty()}};
}

json::Object refused_part(const std::string& resource, const Error& error) {
    json::Object part = error_body(error);
    part["resource"] = resource;
    return part;
}

Reply refusal(const Error& error) {
    json::Object details;
    if (!error->candidates.empty() && (error->key == "approval_required" || error->key == "approval_denied")) {
        for (const auto& [name, value] : error->candidates.front()) {
            details[name] = value;
        }
    }
    const unsigned status = error->key == "approval_expired" ? 410 : http_status(error->code);
    Reply reply{.document = json::serialize(error_body(error, std::move(details))), .status = status};
    if (error->retry_after_seconds >= 0) {
        reply.headers.emplace_back("Retry-After", std::to_string(error->retry_after_seconds));
    }
    return reply;
}

}  // namespace quell::api
