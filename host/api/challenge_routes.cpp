// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "api/challenge_routes.hpp"

#include "api/paging.hpp"
#include "json/slice.hpp"

namespace quell::embedded {
extern const std::string_view challenge_definitions;
}

namespace quell::api {
namespace {

using challenges::Challenges;
using identity::Scope;
using Present = std::function<std::shared_ptr<Challenges>()>;

base::Task<Reply> create(std::shared_ptr<Challenges> challenges, const Call& call) {
    json::Object arguments(call.body, json::Storage{});
    if (call.idempotency_key) {
        arguments.emplace("idempotency_key", *call.idempotency_key);
    }
    CO_TRY(std::string document, co_await challenges->create(call.caller, arguments, policy::Entry::rest));
    co_return Reply{.document = std::move(document), .status = 201};
}

base::Task<Reply> get(std::shared_ptr<Challenges> challenges, const Call& call) {
    CO_TRY(std::string document, challenges->get(call.caller, ChallengeId(call.path.front())));
    co_return Reply{.document = std::move(document)};
}

std::string id_of(std::string_view challenge) {
    const std::string_view quoted = json::member_text(challenge, "challenge_id").value_or(R"("")");
    return std::string(quoted.substr(1, quoted.size() - 2));
}

base::Task<Reply> list(std::shared_ptr<Challenges> challenges, const Call& call) {
    CO_TRY(const Page page, read_page(call));
    CO_TRY(const std::string found, challenges->list(call.caller, ChallengeId(page.after), page.limit + 1));
    const auto documents = json::element_texts(json::member_text(found, "challenges").value_or("[]"));
    co_return Reply{.document = page_document(documents, page, id_of)};
}

Handler call_present(const Present& present, base::Task<Reply> (*function)(std::shared_ptr<Challenges>, const Call&)) {
    return [present, function](const Call& call) { return function(present(), call); };
}

}  // namespace

RouteGroup challenge_routes(Present present) {
    std::vector<Route> routes{
        {.method = "POST", .path = "/api/v1/challenges", .operation = "createChallenge", .tag = "Challenges",
         .summary = "Ask a person whether it was them. Answers at once; people take minutes, so ask again by `challenge_id`, or give `callback_url` to be told.",
         .scope = Scope::challenges_create, .body = "ChallengeArguments", .answer = "Challenge", .status = 201,
         .takes_idempotency_key = true, .handler = call_present(present, create)},
        {.method = "GET", .path = "/api/v1/challenges", .operation = "listChallenges", .tag = "Challenges",
         .summary = "The tenant's challenges, newest first.", .scope = Scope::challenges_read, .query = page_parameters(),
         .answer = "ChallengePage", .handler = call_present(present, list)},
        {.method = "GET", .path = "/api/v1/challenges/{challenge_id}", .operation = "getChallenge", .tag = "Challenges",
         .summary = "The present state of a challenge.", .scope = Scope::challenges_read, .answer = "Challenge",
         .handler = call_present(present, get)}};
    return {std::move(routes), embedded::challenge_definitions};
}

}  // namespace quell::api
