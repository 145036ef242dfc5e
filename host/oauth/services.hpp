// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "audit/trail.hpp"
#include "config/settings.hpp"
#include "http/message.hpp"
#include "identity/client_assertions.hpp"
#include "identity/clients.hpp"
#include "identity/initial_tokens.hpp"
#include "identity/login_sessions.hpp"
#include "identity/metadata_documents.hpp"
#include "identity/openid_members.hpp"
#include "identity/openid_sign_in.hpp"
#include "identity/registration.hpp"
#include "identity/throttle.hpp"
#include "identity/token_service.hpp"
#include "identity/users.hpp"
#include "oauth/cookies.hpp"

namespace quell::oauth {

// [oauth] as it is now: a reload changes it.
using PresentSettings = std::function<config::OAuthSettings()>;

using TenantMap = std::map<TenantId, config::TenantSettings>;
using PresentTenants = std::function<std::shared_ptr<const TenantMap>()>;

// Goes on with an answer of a provider that was asked to prove who a person is (OpenIdPurpose::proof).
using ProvenHandler = std::function<http::Answer(const http::Request& request, identity::OpenIdAttempt attempt,
                                                 Result<identity::OpenIdPerson> person)>;

// What the endpoints work with; lives as long as they do. The throttles count wrong passwords for an e-mail from one
// address, wrong passwords from one address, wrong secrets for a client from one address, and what strangers make the
// host do for clients that nobody made by hand, from one address.
struct Services {
    identity::Clients& clients;
    identity::Users& users;
    identity::LoginSessions& logins;
    identity::TokenService& tokens;
    audit::Trail& trail;
    identity::Throttle& account_throttle;
    identity::Throttle& address_throttle;
    identity::Throttle& secret_throttle;
    std::string public_url;
    Cookies cookies;
    identity::ClientAssertions& assertions;
    identity::Throttle& stranger_throttle;
    identity::Registration& registration;
    identity::InitialTokens& initial_tokens;
    identity::MetadataDocuments& documents;
    PresentSettings settings;
    identity::OpenIdSignIn& openid;
    identity::OpenIdMembers& members;
    PresentTenants tenants;
    ProvenHandler proven;
};

using identity::kOpenIdCookie;
using identity::kSessionCookie;

// Who is signed in in this browser.
inline Result<std::optional<identity::Login>> current_login(const Services& services, const http::Request& request) {
    return services.logins.find(services.cookies.find(request, kSessionCookie));
}

}  // namespace quell::oauth
