// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/commands.hpp"
#include "json/read.hpp"

namespace quell::app {
namespace {

constexpr std::int64_t kDays = 30;

json::Object describe(const store::InitialAccessTokenRow& row) {
    return {{"id", row.id},
            {"name", row.name},
            {"created_by", row.created_by},
            {"created_at", to_rfc3339(row.created_at)},
            {"expires_at", to_rfc3339(row.expires_at)}};
}

}  // namespace

Result<json::Value> create_initial_token(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const std::string name, text_argument(arguments, "name"));
    TRY(const auto days, json::optional_integer(arguments, "days"));
    if (days.value_or(kDays) < 1 || days.value_or(kDays) > 366) {
        return invalid_arguments("--days must be 1 to 366.");
    }
    TRY(const identity::CreatedInitialToken created,
        services.initial_tokens.create_and_wait(name, std::chrono::hours(24) * days.value_or(kDays), actor.id));
    json::Object answer = describe(created.row);
    answer["token"] = created.token.reveal();
    return answer;
}

Result<json::Value> list_initial_tokens(Services& services, const json::Object&, const Actor&) {
    TRY(const auto tokens, services.initial_tokens.list());
    json::Array rows;
    for (const store::InitialAccessTokenRow& row : tokens) {
        rows.push_back(describe(row));
    }
    return rows;
}

Result<json::Value> delete_initial_token(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const std::string id, text_argument(arguments, "id"));
    TRY_VOID(services.initial_tokens.remove_and_wait(id, actor.id));
    return json::Object{{"id", id}, {"deleted", true}};
}

}  // namespace quell::app
