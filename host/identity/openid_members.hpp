// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "audit/trail.hpp"
#include "identity/openid_person.hpp"
#include "identity/openid_providers.hpp"
#include "identity/revocation.hpp"
#include "identity/users.hpp"

namespace quell::identity {

// Members of a tenant by the word of its provider. The provider speaks for its own tenant alone: it makes and changes
// memberships there, and takes them away when its word no longer gives a role; never an owner's, and never one that was
// made by hand. A person is the pair of issuer and subject and keeps the e-mail of the first sign-in: an address that
// comes with another subject is another person, who must not inherit anything. Any I/O thread.
class OpenIdMembers {
  public:
    OpenIdMembers(store::Store& store, audit::Trail& trail, RevocationClock& clock, Now now = wall_now)
        : store_(store), trail_(trail), clock_(clock), now_(std::move(now)) {}

    // The user, made or changed as the person's role wants it, with records in the tenant's chain.
    // Refusals: those of believed_email(), openid_no_role, openid_account_conflict.
    base::Task<User> admit(TenantId tenant, OpenIdClient client, OpenIdPerson person);

  private:
    store::Store& store_;
    audit::Trail& trail_;
    RevocationClock& clock_;
    Now now_;
};

}  // namespace quell::identity
