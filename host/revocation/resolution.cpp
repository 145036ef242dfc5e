// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "revocation/resolution.hpp"

#include "orders/when_all.hpp"

namespace quell::revocation {
namespace {

using Accounts = std::vector<plugins::Account>;

Error not_found(const ConnectorKey& key, const std::string& username) {
    Error error(Code::not_found, "user_not_found", "`" + key.str() + "` knows no user " + username + ".");
    return std::move(error).next_step("Check the spelling; the exact login or e-mail address is needed.");
}

Error ambiguous(const ConnectorKey& key, const std::string& username, const Accounts& accounts) {
    std::vector<Candidate> candidates;
    for (const plugins::Account& account : accounts) {
        Candidate candidate = {{"integration", key.str()},
                               {"provider_user_id", account.provider_user_id},
                               {"login", account.login}};
        if (account.email) {
            candidate.emplace_back("email", *account.email);
        }
        if (account.status) {
            candidate.emplace_back("status", *account.status);
        }
        candidates.push_back(std::move(candidate));
    }
    Error error(Code::failed_precondition, "user_ambiguous",
                std::to_string(accounts.size()) + " accounts at `" + key.str() + "` match " + username +
                    ". Nothing was done.");
    return std::move(error)
        .candidates(std::move(candidates))
        .next_step("Find out which one is meant and give its login as username.");
}

orders::Target as_target(const ConnectorKey& key, plugins::Account account) {
    orders::Target target;
    target.provider_id = std::move(account.provider_user_id);
    target.name = std::move(account.login);
    target.start_state = account.status.value_or("");
    target.resolved_by.push_back({key.str(), "username", "exact"});
    return target;
}

// The failure is one that refuses the whole call.
Result<Found> take(const ConnectorKey& key, const std::string& username, Result<Accounts> answer) {
    Found found{key, {}, std::nullopt};
    if (!answer) {
        found.error = std::move(answer).error();
    } else if (answer->size() > 1) {
        return ambiguous(key, username, *answer);
    } else if (answer->empty()) {
        found.error = not_found(key, username);
    } else {
        found.targets.push_back(as_target(key, std::move(answer->front())));
    }
    return found;
}

// Nothing found anywhere: the error says why, the worst first.
Result<void> check_any(const std::vector<Found>& found) {
    const Error* worst = nullptr;
    std::vector<Candidate> all;
    for (const Found& part : found) {
        if (!part.error) {
            return {};
        }
        all.push_back({{"integration", part.connector.str()}, {"key", (*part.error)->key}});
        if (worst == nullptr || ((*worst)->code == Code::not_found && (*part.error)->code != Code::not_found)) {
            worst = &*part.error;
        }
    }
    if (worst == nullptr) {
        return internal_error("no connector answered");
    }
    Error error = *worst;
    return all.size() > 1 ? std::move(error).candidates(std::move(all)) : std::move(error);
}

}  // namespace

base::Task<std::vector<Found>> resolve_accounts(AccountConnectors& connectors, const TenantId& tenant,
                                                std::vector<ConnectorKey> keys, const std::string& username,
                                                plugins::CallOptions options) {
    std::vector<base::Task<Accounts>> tasks;
    for (const ConnectorKey& key : keys) {
        tasks.push_back(connectors.resolve(tenant, key, username, options));
    }
    CO_TRY(auto answers, co_await orders::when_all(std::move(tasks)));
    std::vector<Found> found;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        CO_TRY(Found part, take(keys[i], username, std::move(answers[i])));
        found.push_back(std::move(part));
    }
    CO_TRY_VOID(check_any(found));
    co_return found;
}

}  // namespace quell::revocation
