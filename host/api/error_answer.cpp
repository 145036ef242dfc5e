// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "api/error_answer.hpp"

#include <array>

#include "json/error_document.hpp"
#include "json/serialize.hpp"

namespace quell::api {
namespace {

struct Kind {
    unsigned status;
    std::string_view code;  // L41+; where it names none, our own
};

constexpr Kind kind_of(Code code) {
    switch (code) {
        case Code::invalid_argument:
        case Code::out_of_range: return {400, "VALIDATION_ERROR"};
        case Code::unauthenticated: return {401, "AUTHENTICATION_REQUIRED"};
        case Code::permission_denied: return {403, "PERMISSION_DENIED"};
        case Code::not_found: return {404, "RESOURCE_NOT_FOUND"};
        case Code::already_exists:
        case Code::aborted: return {409, "CONFLICT"};
        case Code::failed_precondition: return {409, "PRECONDITION_FAILED"};
        case Code::resource_exhausted: return {429, "RATE_LIMIT_EXCEEDED"};
        case Code::unimplemented: return {501, "NOT_IMPLEMENTED"};
        case Code::cancelled:
        case Code::unavailable: return {503, "SERVICE_UNAVAILABLE"};
        case Code::deadline_exceeded: return {504, "DEADLINE_EXCEEDED"};
        case Code::ok:
        case Code::unknown:
        case Code::internal:
        case Code::data_loss: break;
    }
    return {500, "INTERNAL_ERROR"};
}

}  // namespace

unsigned http_status(Code code) { return kind_of(code).status; }

json::Object error_body(const Error& error, json::Object details) {
    json::Object members{{"code", kind_of(error->code).code}, {"details", std::move(details)}};
    json::Object document = json::error_document(error);
    for (auto& [name, value] : document.at("error").as_object()) {
        members.emplace(name, std::move(value));
    }
    document["error"] = std::move(members);
    return document;
}

http::Response error_answer(const Error& error, json::Object details) {
    return error_answer(http_status(error->code), error, std::move(details));
}

http::Response error_answer(unsigned status, const Error& error, json::Object details) {
    http::Response response = http::json(status, json::serialize(error_body(error, std::move(details))));
    response.headers.emplace_back("Cache-Control", "no-store");
    if (error->retry_after_seconds >= 0) {
        response.headers.emplace_back("Retry-After", std::to_string(error->retry_after_seconds));
    }
    return response;
}

}  // namespace quell::api
