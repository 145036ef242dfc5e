// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "okta_sessions.hpp"

#include <algorithm>
#include <chrono>
#include <quell/plugin.hpp>
#include <utility>

#include "okta_documents.hpp"
#include "user_search.hpp"

namespace okta_sessions {
namespace {

using quell::Account;
using quell::AccountOutcome;
using quell::Call;
using quell::Result;

// Adds an account that is a target and is not in the list yet.
void add_target(std::vector<Account>& targets, Account account, std::string_view username) {
    const bool known =
        std::any_of(targets.begin(), targets.end(), [&account](const Account& other) {
            return other.provider_user_id == account.provider_user_id;
        });
    if (!known && matches(account, username) && !is_deprovisioned(account))
        targets.push_back(std::move(account));
}

// The caller must not believe that the user is out everywhere.
quell::Metadata what_was_ended(const RevocationScope& scope) {
    std::vector<std::string> not_ended = {"sessions that web and native apps hold themselves"};
    if (!scope.oauth_tokens)
        not_ended.emplace_back("OAuth and OpenID Connect tokens issued to the user");
    if (!scope.remembered_devices)
        not_ended.emplace_back("factors remembered on the user's devices");
    return {{"oauth_tokens_revoked", scope.oauth_tokens},
            {"devices_forgotten", scope.remembered_devices},
            {"not_ended", std::move(not_ended)}};
}

AccountOutcome refused(const std::string& user_id, const quell::HttpResponse& response,
                       quell::Time now) {
    AccountOutcome outcome =
        response.status == 404 ? quell::user_not_found(user_id, OktaApi::refusal(response, now))
                               : quell::revocation_failed(user_id, OktaApi::refusal(response, now));
    if (auto id = read_error(response.body).id; !id.empty())
        outcome.metadata.emplace_back("error_id", std::move(id));
    return outcome;
}

}  // namespace

Result<std::unique_ptr<OktaSessions>> OktaSessions::create(const quell::Settings& settings) {
    QUELL_TRY(std::string base_url, settings.string("base_url"));
    RevocationScope scope;
    QUELL_TRY(scope.oauth_tokens, settings.boolean_or("revoke_oauth_tokens", false));
    QUELL_TRY(scope.remembered_devices, settings.boolean_or("forget_devices", false));
    return std::make_unique<OktaSessions>(OktaApi(std::move(base_url)), scope);
}

Result<std::vector<Account>> OktaSessions::resolve(Call& call, const quell::AccountLookup& lookup) {
    if (const auto usable = check_username(lookup.username); !usable)
        return usable.error();
    std::vector<Account> targets;
    // The fetch sees a user at once, the search only after a while; the search sees e-mail
    // addresses.
    if (can_be_fetched(lookup.username)) {
        QUELL_TRY(auto account, api_.fetch(call, lookup.username));
        if (account)
            add_target(targets, *std::move(account), lookup.username);
    }
    if (const auto expression = search_for(lookup.username)) {
        QUELL_TRY(std::vector<Account> found, api_.search(call, *expression));
        for (Account& account : found)
            add_target(targets, std::move(account), lookup.username);
    }
    return targets;
}

Result<std::vector<AccountOutcome>> OktaSessions::revoke(Call& call,
                                                         const quell::RevokeRequest& request) {
    std::vector<AccountOutcome> outcomes;
    for (const std::string& user_id : request.user_ids) {
        if (!is_user_id(user_id)) {
            outcomes.push_back(quell::revocation_failed(
                user_id, quell::invalid_argument("This is not a user id of Okta.")));
            continue;
        }
        QUELL_TRY(AccountOutcome outcome, revoke_one(call, user_id));
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

Result<AccountOutcome> OktaSessions::revoke_one(Call& call, const std::string& user_id) const {
    QUELL_TRY(const quell::HttpResponse response, send_revocation(call, user_id));
    if (response.status == 204)
        return quell::revoked(user_id, what_was_ended(scope_));
    // Another success is not in the contract: nobody can tell what it means.
    if (response.ok())
        return quell::unavailable("Okta's answer does not say whether the sessions were ended.");
    return refused(user_id, response, call.clock().now());
}

// Sends again after a server's error: a revocation may arrive twice.
Result<quell::HttpResponse> OktaSessions::send_revocation(Call& call,
                                                          const std::string& user_id) const {
    constexpr int kMostSends = 3;
    std::chrono::milliseconds pause{250};
    for (int sends = 1;; ++sends, pause *= 2) {
        QUELL_TRY(quell::HttpResponse response, api_.revoke(call, user_id, scope_));
        if (response.status < 500 || sends == kMostSends)
            return response;
        if (const auto slept = call.clock().sleep(pause); !slept)
            return slept.error();
    }
}

Result<quell::HealthReport> OktaSessions::check(Call& call) {
    const auto response = api_.probe(call);
    quell::HealthCheck users{"users_read"};
    if (!response) {
        users.message = "Okta cannot be asked: " + response.error().message;
    } else if (response->status == 200) {
        users.ok = true;
        users.message =
            "okta.users.read is granted. okta.users.manage shows only when sessions are ended.";
    } else {
        users.message = OktaApi::refusal(*response, call.clock().now()).message;
    }
    return quell::HealthReport{{std::move(users)}};
}

}  // namespace okta_sessions

QUELL_EXPORT_PLUGIN(okta_sessions::OktaSessions)
