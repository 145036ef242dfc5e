// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/task.hpp"
#include "identity/id_token.hpp"
#include "identity/openid_exchange.hpp"
#include "identity/openid_person.hpp"
#include "identity/openid_providers.hpp"
#include "store/openid.hpp"
#include "store/store.hpp"

namespace quell::identity {

inline constexpr std::chrono::minutes kOpenIdAttemptLife{10};
// The cookie with the secret of a browser on its way to a provider (http::Cookies).
inline constexpr std::string_view kOpenIdCookie = "openid";

// What an answer of the provider is for: to sign in here, or to prove, by a fresh sign-in there, who answers a question.
enum class OpenIdPurpose : std::uint8_t { sign_in, proof };

struct OpenIdWish {
    TenantId tenant;
    OpenIdPurpose purpose = OpenIdPurpose::sign_in;
    std::string subject;     // what to go on with: a local path, or a challenge's id
    std::string login_hint;  // an e-mail that the person typed; empty: none
};

// What came to the redirect URI of a tenant, all of it hostile.
struct OpenIdAnswer {
    TenantId tenant;  // from the path
    std::string state;
    std::string code;
    std::string issuer;  // "iss" (RFC 9207)
    std::string error;
};

// A person who came back; their state is used up.
struct OpenIdAttempt {
    TenantId tenant;
    std::string issuer;
    OpenIdPurpose purpose = OpenIdPurpose::sign_in;
    std::string subject;
    WallTime asked_at{};
    std::string nonce;
    std::string verifier;
};

// To be registered at the tenant's provider. Every tenant has one of its own (RFC 9700 4.4.2.2).
std::string openid_redirect_uri(std::string_view public_url, const TenantId& tenant);

// The way to a tenant's OpenID provider and back: the code flow with PKCE S256, state, nonce and iss (OpenID Connect
// Core 3.1, RFC 7636, RFC 9207, RFC 9700). A state is good for one use, ten minutes, and the browser that was sent: its
// secret stays in a cookie, and nonce and verifier follow from it, so that nothing in the store can be used. Any I/O thread.
class OpenIdSignIn {
  public:
    OpenIdSignIn(store::Store& store, OpenIdProviders& providers, std::string_view public_url, Now now = wall_now)
        : store_(store), providers_(providers), public_url_(public_url), now_(std::move(now)) {}

    // The provider's address to send the browser to; the secret is a random token that the browser keeps.
    base::Task<std::string> start(OpenIdClient client, OpenIdWish wish, std::string browser_secret);
    // openid_state_invalid for a state that is unknown, used, too old, another browser's or another tenant's.
    base::Task<OpenIdAttempt> take(OpenIdAnswer answer, std::string browser_secret);
    // openid_mix_up, openid_refused, openid_token_invalid, openid_provider_unavailable, openid_provider_misconfigured.
    base::Task<OpenIdPerson> identify(OpenIdClient client, OpenIdAttempt attempt, OpenIdAnswer answer);

  private:
    base::Task<OpenIdTokens> redeem(OpenIdClient client, OpenIdMetadata metadata, const OpenIdAttempt& attempt,
                                    std::string code);
    base::Task<json::Object> believed_claims(OpenIdClient client, OpenIdMetadata metadata, const OpenIdAttempt& attempt,
                                             OpenIdTokens tokens);

    store::Store& store_;
    OpenIdProviders& providers_;
    std::string public_url_;
    Now now_;
};

}  // namespace quell::identity
