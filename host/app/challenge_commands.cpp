// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/commands.hpp"
#include "app/run_and_wait.hpp"
#include "json/read.hpp"

namespace quell::app {

Result<json::Value> list_challenges(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::int64_t count, json::integer_member(arguments, "count"));
    return as_answer(services.deployment()->challenges.list(as_principal(tenant, actor), ChallengeId(), count));
}

Result<json::Value> show_challenge(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string id, text_argument(arguments, "challenge_id"));
    return as_answer(services.deployment()->challenges.get(as_principal(tenant, actor), ChallengeId(id)));
}

Result<json::Value> cancel_challenge(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string id, text_argument(arguments, "challenge_id"));
    const identity::Principal principal = as_principal(tenant, actor);
    const auto deployment = services.deployment();
    return as_answer(run_and_wait(deployment->challenges.cancel(principal, ChallengeId(id))));
}

}  // namespace quell::app
