// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <optional>
#include <quell/call.hpp>
#include <quell/result.hpp>
#include <quell/session_revocation.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "okta_api.hpp"

namespace okta_sessions {

// What an order ends. The sessions at Okta always; the rest if the settings say so.
struct RevocationScope {
    SessionFlags sessions{};
    bool grants = false;         // the consents that the user gave to applications
    bool client_tokens = false;  // the refresh tokens of each application, one by one
    bool suspend = false;        // the user cannot sign in until somebody unsuspends them
};

// One order for one user: lives for one call, on its thread. Suspends first, so that nobody signs
// in again behind it; goes on after a refusal, since each step helps; is a success only if every
// step was. Each step may be done twice without harm.
class Revocation {
  public:
    Revocation(const OktaApi& api, quell::Call& call, std::string user_id,
               const RevocationScope& scope)
        : api_(api), call_(call), user_id_(std::move(user_id)), scope_(scope) {}

    // An Error means that the effect is not known.
    quell::Result<quell::AccountOutcome> run();

  private:
    using Send = std::function<quell::Result<quell::HttpResponse>()>;

    quell::Result<void> end_sessions();
    quell::Result<void> suspend();
    quell::Result<void> delete_grants();
    quell::Result<void> delete_client_tokens();

    // Sends again after an answer 5xx. Takes `success`; another success is an Error.
    quell::Result<void> step(std::string_view name, int success, const Send& send);
    quell::Result<quell::HttpResponse> send_again_if_down(const Send& send) const;
    quell::Result<bool> is_suspended_already() const;
    void refused(std::string_view name, const quell::HttpResponse& response);
    void note_refused(std::string_view name, quell::Error error);
    quell::AccountOutcome outcome();
    quell::Metadata what_was_ended() const;

    const OktaApi& api_;
    quell::Call& call_;
    std::string user_id_;
    const RevocationScope& scope_;
    std::vector<std::string> done_;
    std::optional<quell::Error> error_;  // of the first step that was refused
    std::vector<std::string> refused_;
    std::string error_id_;
};

}  // namespace okta_sessions
