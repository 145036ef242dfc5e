// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include <quell/detail/device_documents.hpp>
#include <quell/health.hpp>
#include <quell/session_revocation.hpp>

// The documents of sdk/schema/session_revocation-1.*.json and health-1.*.json.

namespace quell::inline v1::detail {

inline Result<AccountLookup> read_account_lookup(const nlohmann::json& document) {
    QUELL_TRY(std::string username, RequestReader(document).text("username"));
    return AccountLookup{std::move(username)};
}

inline Result<RevokeRequest> read_revoke(const nlohmann::json& document) {
    RevokeRequest request;
    QUELL_TRY(request.user_ids, RequestReader(document).texts("user_ids"));
    request.reason = string_member(document, "reason").value_or("");
    request.request_id = string_member(document, "request_id").value_or("");
    return request;
}

inline nlohmann::json to_json(const Account& account) {
    return {{"provider_user_id", account.provider_user_id},
            {"login", account.login},
            {"email", text_or_null(account.email)},
            {"status", text_or_null(account.status)}};
}

inline nlohmann::json to_json(const AccountOutcome& outcome) {
    const bool done = outcome.result == AccountResult::revoked;
    nlohmann::json object = {{"provider_user_id", outcome.provider_user_id},
                             {"state", done ? "confirmed" : "failed"},
                             {"outcome", to_string(outcome.result)},
                             {"result_metadata", to_json(outcome.metadata)}};
    if (outcome.error)
        object["error"] = to_json(*outcome.error);
    return object;
}

inline nlohmann::json to_document(const std::vector<Account>& accounts) {
    nlohmann::json list = nlohmann::json::array();
    for (const Account& account : accounts)
        list.push_back(to_json(account));
    return {{"accounts", std::move(list)}};
}

inline nlohmann::json to_document(const std::vector<AccountOutcome>& outcomes) {
    nlohmann::json list = nlohmann::json::array();
    for (const AccountOutcome& outcome : outcomes)
        list.push_back(to_json(outcome));
    return {{"outcomes", std::move(list)}};
}

inline nlohmann::json to_document(const HealthReport& report) {
    nlohmann::json list = nlohmann::json::array();
    bool healthy = true;
    for (const HealthCheck& check : report.checks) {
        healthy = healthy && check.ok;
        list.push_back({{"name", check.name}, {"ok", check.ok}, {"message", check.message}});
    }
    return {{"healthy", healthy}, {"checks", std::move(list)}};
}

}  // namespace quell::inline v1::detail
