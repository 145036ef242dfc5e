// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/session_revocation.hpp"

#include <algorithm>

#include "plugins/outcome.hpp"
#include "plugins/outcome_documents.hpp"

namespace quell::plugins {
namespace {

Result<std::vector<Account>> read_accounts(const json::Value& reply) {
    std::vector<Account> accounts;
    std::vector<std::string> ids;
    for (const json::Value& document : reply.at("accounts").get_array()) {
        const json::Object& object = document.get_object();
        accounts.push_back({.provider_user_id = text_at(object, "provider_user_id"),
                            .login = text_at(object, "login"),
                            .email = optional_text_at(object, "email"),
                            .status = optional_text_at(object, "status")});
        ids.push_back(accounts.back().provider_user_id);
    }
    std::sort(ids.begin(), ids.end());
    if (std::adjacent_find(ids.begin(), ids.end()) != ids.end()) {
        return bad_result("two accounts have the same provider_user_id");
    }
    return accounts;
}

Result<std::vector<AccountOutcome>> read_outcomes(const json::Value& reply, std::vector<std::string> asked) {
    const json::Array& documents = reply.at("outcomes").get_array();
    TRY_VOID(check_ids(documents, "provider_user_id", std::move(asked)));
    std::vector<AccountOutcome> outcomes;
    for (const json::Value& document : documents) {
        const json::Object& object = document.get_object();
        AccountOutcome outcome;
        outcome.provider_user_id = text_at(object, "provider_user_id");
        outcome.confirmed = text_at(object, "state") == "confirmed";
        outcome.outcome = text_at(object, "outcome");
        outcome.result_metadata = object_at(object, "result_metadata");
        if (outcome.confirmed != (outcome.outcome == "revoked")) {
            return bad_result("an outcome's state and its word contradict each other");
        }
        if (!outcome.confirmed) {
            outcome.error = outcome_error(object, kSessionRevocation);
        }
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

}  // namespace

base::Task<std::vector<Account>> resolve_accounts(const Connector& connector, std::string username,
                                                  CallOptions options) {
    json::Value request = {{"username", username}};
    options.read_only = true;
    CO_TRY(const json::Value reply,
           co_await connector.call(kSessionRevocation, "resolve", std::move(request), std::move(options)));
    co_return read_accounts(reply);
}

base::Task<std::vector<AccountOutcome>> revoke(const Connector& connector, Revocation order, CallOptions options) {
    json::Value request = {
        {"user_ids", to_array(order.user_ids)}, {"reason", order.reason}, {"request_id", order.request_id}};
    options.read_only = false;
    CO_TRY(const json::Value reply,
           co_await connector.call(kSessionRevocation, "revoke", std::move(request), std::move(options)));
    co_return read_outcomes(reply, std::move(order.user_ids));
}

}  // namespace quell::plugins
