// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/trail.hpp"
#include "base/task.hpp"
#include "identity/lifetimes.hpp"
#include "identity/users.hpp"
#include "store/store.hpp"

namespace quell::identity {

// The cookie with the id (http::Cookies).
inline constexpr std::string_view kSessionCookie = "session";

// Who is signed in, as a page's handler sees it.
struct Login {
    User user;
    std::string csrf_secret;
    // A tenant's provider vouches for its own tenant alone: the login is good there and nowhere else, whatever other
    // memberships the user has. Empty: in all of them.
    TenantId tenant{};

    bool is_good_in(const TenantId& wanted) const { return tenant.empty() || tenant == wanted; }

    // Proves that a form was made for this login and this subject, such as one authorization request (OA-23).
    std::string csrf_token(std::string_view subject) const;
    bool accepts_csrf_token(std::string_view token, std::string_view subject) const;
};

// Sign-ins of people: the id is in the browser, its SHA-256 in the store, the end at the server (UI-02). Any thread.
class LoginSessions {
  public:
    LoginSessions(store::Store& store, audit::Trail& trail, Now now = wall_now)
        : store_(store), trail_(trail), now_(std::move(now)) {}

    // A new id at each sign-in; the session that the browser had before ends with it.
    // With a tenant, the session is good there alone.
    base::Task<std::string> start(User user, std::string previous_id, TenantId tenant = {});
    // nullopt if it is unknown, ended or expired.
    Result<std::optional<Login>> find(std::string_view id) const;
    base::Task<void> end(std::string id, User user);

  private:
    store::Store& store_;
    audit::Trail& trail_;
    Now now_;
};

}  // namespace quell::identity
