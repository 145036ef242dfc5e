// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/trail.hpp"
#include "base/clock.hpp"
#include "base/secret_string.hpp"
#include "base/task.hpp"
#include "identity/lifetimes.hpp"
#include "identity/password_pool.hpp"
#include "identity/revocation.hpp"
#include "identity/roles.hpp"
#include "store/store.hpp"

namespace quell::identity {

struct User {
    UserId id;
    std::string email;
};

struct Membership {
    TenantId tenant;
    Role role;
};

struct ListedUser {
    User user;
    Role role;
    WallTime created_at{};
};

struct NewUser {
    std::string email;
    SecretString password;
    TenantId tenant;
    Role role;
};

// The people who may sign in. An e-mail is one user of the host, with a role in each tenant it belongs to
// (INTERFACES.md 5). Any thread; the *_and_wait functions block. `actor` is a principal's id.
class Users {
  public:
    Users(store::Store& store, audit::Trail& trail, RevocationClock& clock, PasswordPool& passwords, Now now = wall_now)
        : store_(store), trail_(trail), clock_(clock), passwords_(passwords), now_(std::move(now)) {}

    // A known e-mail joins the tenant and keeps its password: give none then. already_exists if it is in it.
    Result<User> add_and_wait(NewUser wanted, std::string_view actor);
    Result<std::vector<ListedUser>> list(const TenantId& tenant) const;
    // V70: an owner's role stays, nobody changes their own, one owner or admin remains.
    Result<void> set_role_and_wait(const TenantId& tenant, std::string_view email, Role role, std::string_view actor);
    // Out of the tenant, by the same rules; the last membership takes the user along. Their tokens die at once.
    Result<void> remove_and_wait(const TenantId& tenant, std::string_view email, std::string_view actor);

    // Ends the user's logins, so that whoever knew the old one is out. Access that clients were given stays.
    Result<void> set_password_and_wait(std::string_view email, SecretString password, std::string_view actor);

    // Checks a password on the pool; nullopt if it does not match. An unknown user takes as long (OA-31).
    base::Task<std::optional<User>> authenticate(std::string email, SecretString password);
    Result<std::vector<Membership>> memberships(const UserId& id) const;

  private:
    store::Store& store_;
    audit::Trail& trail_;
    RevocationClock& clock_;
    PasswordPool& passwords_;
    Now now_;
};

// The form in which e-mails are compared and kept: ASCII letters in lower case. invalid_arguments if it is none.
Result<std::string> normal_email(std::string_view text);

}  // namespace quell::identity
