// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <quell/call.hpp>
#include <quell/result.hpp>
#include <quell/session_revocation.hpp>
#include <quell/url.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace okta_sessions {

// What DELETE sessions ends besides the sessions.
struct SessionFlags {
    bool oauth_tokens = false;
    bool remembered_devices = false;
};

// The requests that the plugin makes. Waits out rate limits within the call's deadline. Holds no
// state but the address: safe on any thread.
class OktaApi {
  public:
    // `auth`: the credential profile of the manifest.
    OktaApi(std::string base_url, std::string auth)
        : base_url_(std::move(base_url)), auth_(std::move(auth)) {}

    // The user whose login or id this is, or nothing.
    quell::Result<std::optional<quell::Account>> fetch(quell::Call& call,
                                                       std::string_view username) const;

    // All users that an expression finds, page by page, also deactivated ones. More than 200, or
    // a list that cannot be had whole, is an Error: a cut list would hide an ambiguity.
    quell::Result<std::vector<quell::Account>> search(quell::Call& call,
                                                      const std::string& expression) const;

    // Ends the user's sessions. Any HTTP status is a value, as in what follows.
    quell::Result<quell::HttpResponse> end_sessions(quell::Call& call, const std::string& user_id,
                                                    const SessionFlags& flags) const;
    // The stronger ones: see Revocation.
    quell::Result<quell::HttpResponse> suspend(quell::Call& call, const std::string& user_id) const;
    quell::Result<quell::HttpResponse> delete_grants(quell::Call& call,
                                                     const std::string& user_id) const;
    quell::Result<quell::HttpResponse> list_clients(quell::Call& call,
                                                    const std::string& user_id) const;
    quell::Result<quell::HttpResponse> delete_tokens(quell::Call& call, const std::string& user_id,
                                                     const std::string& client_id) const;
    quell::Result<quell::HttpResponse> fetch_by_id(quell::Call& call,
                                                   const std::string& user_id) const;

    // The cheapest request that needs okta.users.read. Any HTTP status is a value.
    quell::Result<quell::HttpResponse> probe(quell::Call& call) const;

    // What an answer other than success means.
    static quell::Error refusal(const quell::HttpResponse& response);

  private:
    quell::Result<quell::HttpResponse> get(quell::Call& call, const std::string& path,
                                           const quell::QueryParameters& query) const;
    quell::Result<quell::HttpResponse> change(quell::Call& call, std::string method,
                                              const std::string& path,
                                              const quell::QueryParameters& query = {}) const;

    std::string base_url_;
    std::string auth_;
};

}  // namespace okta_sessions
