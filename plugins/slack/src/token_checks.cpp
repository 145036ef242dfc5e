// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "token_checks.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

namespace slack {
namespace {

quell::HealthCheck check_token(const SlackApi& api, quell::Call& call, std::string name, std::string_view auth,
                               const std::vector<std::string_view>& needed) {
    quell::HealthCheck check{std::move(name)};
    const auto answer = api.test_token(call, auth);
    if (!answer) {
        check.message = answer.error().message;
        return check;
    }
    for (const std::string_view scope : needed) {
        if (std::find(answer->scopes.begin(), answer->scopes.end(), scope) == answer->scopes.end())
            check.message += (check.message.empty() ? "The app lacks: " : ", ") + std::string(scope);
    }
    check.ok = check.message.empty();
    if (check.ok)
        check.message = "The token lives and has the scopes that are needed.";
    else
        check.message += ". Add them in the app's settings and install it again.";
    return check;
}

}  // namespace

quell::HealthCheck check_bot_token(const SlackApi& api, quell::Call& call, bool sends_messages) {
    std::vector<std::string_view> needed = {"users:read", "users:read.email"};
    if (sends_messages)
        needed.insert(needed.end(), {"chat:write", "im:write", "commands"});
    return check_token(api, call, "bot_token", "default", needed);
}

quell::HealthCheck check_user_token(const SlackApi& api, quell::Call& call) {
    return check_token(api, call, "user_token", "admin", {"admin.users:write"});
}

}  // namespace slack
