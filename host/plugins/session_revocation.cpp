// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/session_revocation.hpp"

#include <algorithm>

#include "json/writer.hpp"
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

std::string username_document(const std::string& username) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.member("username", username);
    out.end_object();
    return text;
}

std::string to_document(const Revocation& order) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.member("user_ids", order.user_ids);
    out.member("reason", order.reason);
    out.member("request_id", order.request_id);
    out.end_object();
    return text;
}

}  // namespace

base::Task<std::vector<Account>> resolve_accounts(const Connector& connector, const std::string& username,
                                                  CallOptions options) {
    options.read_only = true;
    return connector.call<std::vector<Account>>(kSessionRevocation, "resolve", username_document(username),
                                                std::move(options), read_accounts);
}

base::Task<std::vector<AccountOutcome>> revoke(const Connector& connector, const Revocation& order,
                                               CallOptions options) {
    options.read_only = false;
    return connector.call<std::vector<AccountOutcome>>(
        kSessionRevocation, "revoke", to_document(order), std::move(options),
        [asked = order.user_ids](const json::Value& reply) { return read_outcomes(reply, asked); });
}

}  // namespace quell::plugins
