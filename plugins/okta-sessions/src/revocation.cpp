// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "revocation.hpp"

#include <algorithm>
#include <chrono>
#include <quell/rate_limit.hpp>
#include <utility>

#include "okta_documents.hpp"

namespace okta_sessions {
namespace {

using quell::AccountOutcome;
using quell::HttpResponse;
using quell::Result;

constexpr int kMostSends = 3;
constexpr std::chrono::milliseconds kFirstPause{250};

constexpr std::string_view kSuspend = "user_suspended";
constexpr std::string_view kSessions = "sessions_ended";
constexpr std::string_view kGrants = "grants_deleted";
constexpr std::string_view kClientTokens = "client_tokens_deleted";

}  // namespace

Result<AccountOutcome> Revocation::run() {
    if (scope_.suspend) {
        if (const auto sent = suspend(); !sent)
            return sent.error();
    }
    if (const auto sent = end_sessions(); !sent)
        return sent.error();
    if (scope_.grants) {
        if (const auto sent = delete_grants(); !sent)
            return sent.error();
    }
    if (scope_.client_tokens) {
        if (const auto sent = delete_client_tokens(); !sent)
            return sent.error();
    }
    return outcome();
}

Result<void> Revocation::end_sessions() {
    return step(kSessions, 204,
                [this] { return api_.end_sessions(call_, user_id_, scope_.sessions); });
}

// 200. A user who is suspended already, or who never signed in, is refused with 400.
Result<void> Revocation::suspend() {
    QUELL_TRY(const HttpResponse response,
              send_again_if_down([this] { return api_.suspend(call_, user_id_); }));
    bool done = response.status == 200;
    if (response.status == 400) {
        QUELL_TRY(done, is_suspended_already());
    }
    if (done)
        done_.emplace_back(kSuspend);
    else
        refused(kSuspend, response);
    return {};
}

Result<bool> Revocation::is_suspended_already() const {
    QUELL_TRY(const HttpResponse response, api_.fetch_by_id(call_, user_id_));
    const auto account = response.status == 200 ? read_user(response.body) : std::nullopt;
    return account && is_suspended(*account);
}

Result<void> Revocation::delete_grants() {
    return step(kGrants, 204, [this] { return api_.delete_grants(call_, user_id_); });
}

Result<void> Revocation::delete_client_tokens() {
    QUELL_TRY(const HttpResponse response, api_.list_clients(call_, user_id_));
    if (response.status != 200) {
        refused(kClientTokens, response);
        return {};
    }
    const auto clients = read_client_ids(response.body);
    if (!clients) {
        note_refused(kClientTokens, quell::unavailable("Okta gave an answer that cannot be read."));
        return {};
    }
    for (const std::string& client : *clients) {
        const auto sent = step(kClientTokens, 204, [this, &client] {
            return api_.delete_tokens(call_, user_id_, client);
        });
        if (!sent)
            return sent;
    }
    if (clients->empty())
        done_.emplace_back(kClientTokens);
    return {};
}

Result<void> Revocation::step(std::string_view name, int success, const Send& send) {
    QUELL_TRY(const HttpResponse response, send_again_if_down(send));
    // Another success is not in the contract: nobody can tell what it means.
    if (response.ok() && response.status != success)
        return quell::unavailable("Okta's answer does not say whether it did what it was asked.");
    if (response.ok())
        done_.emplace_back(name);
    else
        refused(name, response);
    return {};
}

Result<HttpResponse> Revocation::send_again_if_down(const Send& send) const {
    std::chrono::milliseconds pause = kFirstPause;
    std::optional<HttpResponse> down;
    for (int sends = 1;; ++sends, pause *= 2) {
        QUELL_TRY(HttpResponse response, send());
        // What is refused now may have been done by the request before it.
        if (response.status < 500)
            return response.ok() || !down ? response : *down;
        const auto wait = std::max(pause, quell::retry_after(response).value_or(pause));
        if (sends == kMostSends || wait >= call_.time_left())
            return response;
        if (const auto slept = call_.clock().sleep(wait); !slept)
            return slept.error();
        down = std::move(response);
    }
}

void Revocation::refused(std::string_view name, const HttpResponse& response) {
    if (!error_)
        error_id_ = read_error(response.body).id;
    note_refused(name, OktaApi::refusal(response));
}

// The first refusal is the one that is told.
void Revocation::note_refused(std::string_view name, quell::Error error) {
    if (std::find(refused_.begin(), refused_.end(), name) == refused_.end())
        refused_.emplace_back(name);
    if (!error_)
        error_ = std::move(error);
}

// The sessions decide whether the user is there; a later 404 only says that a step did not work.
AccountOutcome Revocation::outcome() {
    const bool ended = std::find(done_.begin(), done_.end(), kSessions) != done_.end();
    if (!error_)
        return quell::revoked(user_id_, what_was_ended());
    if (ended)
        error_->message =
            "The sessions at Okta were ended, but not everything that the settings "
            "ask for was done: " +
            error_->message;
    const bool gone = !ended && error_->status == quell::Status::not_found;
    if (!gone && error_->status == quell::Status::not_found)
        error_->status = quell::Status::failed_precondition;
    AccountOutcome made = gone ? quell::user_not_found(user_id_, *error_)
                               : quell::revocation_failed(user_id_, *error_);
    if (!done_.empty()) {
        made.metadata = what_was_ended();
        made.metadata.emplace_back("refused", refused_);
    }
    if (!error_id_.empty())
        made.metadata.emplace_back("error_id", error_id_);
    return made;
}

// The caller must not believe that the user is out everywhere.
quell::Metadata Revocation::what_was_ended() const {
    const auto did = [this](std::string_view name) {
        return std::find(done_.begin(), done_.end(), name) != done_.end() &&
               std::find(refused_.begin(), refused_.end(), name) == refused_.end();
    };
    const bool tokens = did(kSessions) && scope_.sessions.oauth_tokens;
    const bool devices = did(kSessions) && scope_.sessions.remembered_devices;
    std::vector<std::string> not_ended = {"sessions that web and native apps hold themselves"};
    if (!did(kSessions))
        not_ended.emplace_back("sessions at Okta");
    if (!tokens && !did(kClientTokens))
        not_ended.emplace_back("OAuth and OpenID Connect tokens issued to the user");
    if (!devices)
        not_ended.emplace_back("factors remembered on the user's devices");
    quell::Metadata metadata = {{"oauth_tokens_revoked", tokens}, {"devices_forgotten", devices}};
    if (scope_.grants)
        metadata.emplace_back(std::string(kGrants), did(kGrants));
    if (scope_.client_tokens)
        metadata.emplace_back(std::string(kClientTokens), did(kClientTokens));
    if (scope_.suspend)
        metadata.emplace_back(std::string(kSuspend), did(kSuspend));
    metadata.emplace_back("not_ended", std::move(not_ended));
    return metadata;
}

}  // namespace okta_sessions
