// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "session_reset.hpp"

#include <utility>

#include "slack_errors.hpp"
#include "slack_ids.hpp"

namespace slack {
namespace {

quell::Metadata what_was_ended(bool mobile_only, bool web_only) {
    quell::Metadata metadata = {{"sessions", std::string(mobile_only ? "mobile" : web_only ? "web" : "all")}};
    return metadata;
}

}  // namespace

quell::Result<quell::AccountOutcome> reset_sessions(const SlackApi& api, quell::Call& call, const std::string& user_id,
                                                    bool mobile_only, bool web_only) {
    if (!is_user_id(user_id))
        return quell::revocation_failed(user_id, quell::invalid_argument("This is not a user id of Slack."));
    nlohmann::json body = {{"user_id", user_id}, {"mobile_only", mobile_only}, {"web_only", web_only}};
    const auto answer = api.act(call, "admin.users.session.reset", body, "admin");
    if (answer)
        return quell::revoked(user_id, what_was_ended(mobile_only, web_only));
    if (answer.error().status == quell::Status::unavailable)
        return answer.error();
    if (is_unknown_user(answer.error()))
        return quell::user_not_found(user_id, answer.error());
    return quell::revocation_failed(user_id, answer.error());
}

}  // namespace slack
