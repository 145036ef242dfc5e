// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <mutex>
#include <optional>
#include <quell/call.hpp>
#include <quell/identity_lookup.hpp>
#include <quell/person.hpp>
#include <quell/result.hpp>
#include <string>
#include <vector>

#include "slack_api.hpp"

namespace slack {

// Which user is whose. Any thread.
class People {
  public:
    explicit People(const SlackApi& api) : api_(api) {}

    // The users that match exactly, none or one; also deactivated ones and bots, as not active. The
    // address is left out where it is not this company's word: a user of another workspace (Slack
    // Connect), or one who has not confirmed it.
    quell::Result<std::vector<quell::FoundUser>> find(quell::Call& call, const quell::Person& person);

    // The id of the one active person; not_found else.
    quell::Result<std::string> active_id(quell::Call& call, const quell::Person& person);

    // The app's own user.
    quell::Result<std::string> bot_id(quell::Call& call);

  private:
    // What the token belongs to; asked once, since it never changes.
    struct Own {
        std::string user_id;
        std::string team_id;
        std::string enterprise_id;  // empty outside of Enterprise Grid
    };

    quell::Result<Own> own(quell::Call& call);
    quell::Result<std::optional<nlohmann::json>> fetch(quell::Call& call, const quell::Person& person) const;
    static bool is_of(const nlohmann::json& user, const Own& own);

    const SlackApi& api_;
    std::mutex mutex_;
    std::optional<Own> own_;  // guarded by mutex_
};

}  // namespace slack
