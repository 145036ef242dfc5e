// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "config/settings.hpp"
#include "identity/roles.hpp"
#include "json/value.hpp"

namespace quell::identity {

// A person as a tenant's provider knows them: from a checked id token, and its userinfo where that is silent.
struct OpenIdPerson {
    std::string issuer;
    std::string subject;
    std::string email;              // as the provider writes it; empty: not told
    bool email_is_verified = false;
    std::string acr;                // how well the person was authenticated, in the provider's words
    std::vector<std::string> amr;   // and by what
    std::optional<WallTime> signed_in_at;
    json::Object claims;
};

OpenIdPerson read_openid_person(json::Object claims);

// The person's e-mail in its normal form, if it may be believed: openid_email_missing, openid_email_unverified,
// openid_email_domain.
Result<std::string> believed_email(const config::OpenIdSettings& settings, const OpenIdPerson& person);

// The highest role that the settings give to one of the claim's values, or the default; nullopt: none.
std::optional<Role> mapped_role(const config::OpenIdSettings& settings, const json::Object& claims);
// Whether the claim that roles are read from is there at all.
bool has_role_claim(const config::OpenIdSettings& settings, const json::Object& claims);

}  // namespace quell::identity
