// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "okta_sessions.hpp"

#include <algorithm>
#include <quell/plugin.hpp>
#include <utility>

#include "okta_documents.hpp"
#include "revocation.hpp"
#include "user_search.hpp"

namespace okta_sessions {
namespace {

using quell::Account;
using quell::AccountOutcome;
using quell::Call;
using quell::Result;

// Adds an account that was asked for and is not in the list yet.
void add_match(std::vector<Account>& accounts, Account account, std::string_view username) {
    const bool known =
        std::any_of(accounts.begin(), accounts.end(), [&account](const Account& other) {
            return other.provider_user_id == account.provider_user_id;
        });
    if (!known && matches(account, username))
        accounts.push_back(std::move(account));
}

quell::Error deactivated() {
    return quell::not_found(
        "Okta knows this user only as deactivated (DEPROVISIONED): nobody can sign in as them, and "
        "there is nothing to end.");
}

}  // namespace

Result<std::unique_ptr<OktaSessions>> OktaSessions::create(const quell::Settings& settings) {
    QUELL_TRY(std::string base_url, settings.string("base_url"));
    RevocationScope scope;
    QUELL_TRY(scope.sessions.oauth_tokens, settings.boolean_or("revoke_oauth_tokens", false));
    QUELL_TRY(scope.sessions.remembered_devices, settings.boolean_or("forget_devices", false));
    QUELL_TRY(scope.grants, settings.boolean_or("delete_grants", false));
    QUELL_TRY(scope.client_tokens, settings.boolean_or("delete_client_tokens", false));
    QUELL_TRY(scope.suspend, settings.boolean_or("suspend_user", false));
    // The plugin sees no secrets: a service app shows by its id, else it is an API token.
    std::string auth = settings.has("client_id") ? "default" : "ssws";
    return std::make_unique<OktaSessions>(OktaApi(std::move(base_url), std::move(auth)), scope);
}

Result<std::vector<Account>> OktaSessions::resolve(Call& call, const quell::AccountLookup& lookup) {
    if (const auto usable = check_username(lookup.username); !usable)
        return usable.error();
    std::vector<Account> accounts;
    // The fetch sees a user at once, the search only after a while; the search sees e-mail
    // addresses.
    if (can_be_fetched(lookup.username)) {
        QUELL_TRY(auto account, api_.fetch(call, lookup.username));
        if (account)
            add_match(accounts, *std::move(account), lookup.username);
    }
    if (const auto expression = search_for(lookup.username)) {
        QUELL_TRY(std::vector<Account> found, api_.search(call, *expression));
        for (Account& account : found)
            add_match(accounts, std::move(account), lookup.username);
    }
    const bool known = !accounts.empty();
    std::erase_if(accounts, is_deprovisioned);
    if (known && accounts.empty())
        return deactivated();
    return accounts;
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
        QUELL_TRY(AccountOutcome outcome, Revocation(api_, call, user_id, scope_).run());
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
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
        users.message = OktaApi::refusal(*response).message;
    }
    return quell::HealthReport{{std::move(users)}};
}

}  // namespace okta_sessions

QUELL_EXPORT_PLUGIN(okta_sessions::OktaSessions)
