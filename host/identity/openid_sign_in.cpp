// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/openid_sign_in.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "crypto/digest.hpp"
#include "identity/pkce.hpp"
#include "json/read.hpp"

namespace quell::identity {
namespace {

constexpr std::size_t kLongestCode = 8 * 1024;

std::string_view to_string(OpenIdPurpose purpose) {
    return purpose == OpenIdPurpose::proof ? "proof" : "sign_in";
}

// What only the browser with this secret can bring back, for one state.
std::string derived(std::string_view browser_secret, std::string_view use, std::string_view state) {
    const std::string text = std::string(use) + "\n" + std::string(state);
    return to_base64url(crypto::as_text(crypto::hmac_sha256(browser_secret, text)));
}

Error stale() {
    return Error(Code::failed_precondition, "openid_state_invalid",
                 "This sign-in was finished before, took longer than ten minutes, or began in another browser.")
        .next_step("Start again from the page that asked you to sign in.");
}

Error mixed_up() {
    return {Code::permission_denied, "openid_mix_up",
            "The answer came from another identity provider than the one that was asked (iss)."};
}

// RFC 6749 4.1.2.1 and OpenID Connect Core 3.1.2.6: no other word of the answer is shown.
Error refused(std::string_view code) {
    static constexpr std::array<std::string_view, 8> kKnown = {
        "access_denied", "login_required",  "consent_required",        "interaction_required",
        "server_error",  "invalid_request", "temporarily_unavailable", "account_selection_required"};
    const bool known = std::ranges::find(kKnown, code) != kKnown.end();
    return {Code::permission_denied, "openid_refused",
            "The identity provider did not sign you in" + (known ? " (" + std::string(code) + ")." : ".")};
}

// RFC 9207 2.4: whoever says that it always names itself has to.
Result<void> check_issuer(const OpenIdMetadata& metadata, const OpenIdAttempt& attempt, const OpenIdAnswer& answer) {
    const bool missing = answer.issuer.empty() && metadata.names_itself;
    const bool other = !answer.issuer.empty() && answer.issuer != attempt.issuer;
    return missing || other ? Result<void>(mixed_up()) : Result<void>();
}

void append(std::string& url, std::string_view name, std::string_view value) {
    if (!value.empty()) {
        url += url.find('?') == std::string::npos ? '?' : '&';
        url.append(name).append("=").append(percent_encode(value));
    }
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) {
        out += (out.empty() ? "" : " ") + word;
    }
    return out;
}

// The two halves of what comes back from a browser: its own secret, and the state that it was sent with.
struct Binding {
    std::string_view browser_secret;
    std::string_view state;
};

// OpenID Connect Core 3.1.2.1, RFC 7636 4.3; the redirect URI follows.
std::string authorization_url(const config::OpenIdSettings& client, const OpenIdMetadata& metadata,
                              const OpenIdWish& wish, Binding binding) {
    const bool anew = wish.purpose == OpenIdPurpose::proof;
    const std::string verifier = derived(binding.browser_secret, "verifier", binding.state);
    std::string url = metadata.authorization_endpoint;
    append(url, "response_type", "code");
    append(url, "client_id", client.client_id);
    append(url, "scope", joined(client.scopes));
    append(url, "state", binding.state);
    append(url, "nonce", derived(binding.browser_secret, "nonce", binding.state));
    append(url, "code_challenge", code_challenge(verifier));
    append(url, "code_challenge_method", "S256");
    append(url, "login_hint", wish.login_hint);
    // Either asks for a sign-in made for this; auth_time in the answer shows it.
    append(url, "prompt", anew ? "login" : client.prompt);
    append(url, "max_age", anew ? "0" : "");
    return url;
}

void copy_member(const json::Object& from, std::string_view name, json::Object& to) {
    if (const json::Value* const value = json::find(from, name)) {
        to[name] = *value;
    }
}

// The first segment of a pointer, or the name itself.
std::string_view top_member(std::string_view claim) {
    return claim.starts_with('/') ? claim.substr(1, claim.find('/', 1) - 1) : claim;
}

bool lacks_role_claim(const config::OpenIdSettings& settings, const json::Object& claims) {
    return !settings.roles.empty() && !has_role_claim(settings, claims);
}

// Only what a sign-in needs and the id token does not say; an address goes together with its verification.
void fill_in(const config::OpenIdSettings& settings, const json::Object& userinfo, json::Object& claims) {
    if (json::find(claims, "email") == nullptr) {
        claims.erase("email_verified");
        copy_member(userinfo, "email", claims);
        copy_member(userinfo, "email_verified", claims);
    }
    const std::string_view role = top_member(settings.role_claim);
    if (lacks_role_claim(settings, claims) && json::find(claims, role) == nullptr) {
        copy_member(userinfo, role, claims);
    }
}

}  // namespace

std::string openid_redirect_uri(std::string_view public_url, const TenantId& tenant) {
    return std::string(public_url) + "/oauth/openid/callback/" + tenant.str();
}

base::Task<std::string> OpenIdSignIn::start(OpenIdClient client, OpenIdWish wish, std::string browser_secret) {
    CO_TRY(const OpenIdMetadata metadata, co_await providers_.describe(client));
    const std::string state = random_token();
    const WallTime now = now_();
    std::string url = authorization_url(*client, metadata, wish, {browser_secret, state});
    append(url, "redirect_uri", openid_redirect_uri(public_url_, wish.tenant));
    store::OpenIdAttemptRow row{.state_hash = crypto::sha256(state),
                                .browser_hash = crypto::sha256(browser_secret),
                                .tenant = wish.tenant,
                                .issuer = client->issuer,
                                .purpose = std::string(to_string(wish.purpose)),
                                .subject = wish.subject,
                                .created_at = now,
                                .expires_at = now + kOpenIdAttemptLife};
    auto work = [row = std::move(row)](store::Transaction& transaction) {
        return store::insert_openid_attempt(transaction, row);
    };
    CO_TRY_VOID(co_await store_.write<void>(std::move(work)));
    co_return url;
}

base::Task<OpenIdAttempt> OpenIdSignIn::take(OpenIdAnswer answer, std::string browser_secret) {
    const crypto::Digest hash = crypto::sha256(answer.state);
    CO_TRY(auto row, store_.read([&](store::Reader& reader) { return store::find_openid_attempt(reader, hash, now_()); }));
    // Looked at before it is used up: nobody but the browser that was sent can spoil a sign-in.
    if (!row || browser_secret.empty() || row->browser_hash != crypto::sha256(browser_secret) ||
        row->tenant != answer.tenant) {
        co_return stale();
    }
    auto work = [hash](store::Transaction& transaction) { return store::delete_openid_attempt(transaction, hash); };
    CO_TRY(const bool is_first, co_await store_.write<bool>(work));
    if (!is_first) {
        co_return stale();
    }
    co_return OpenIdAttempt{.tenant = row->tenant,
                            .issuer = row->issuer,
                            .purpose = row->purpose == "proof" ? OpenIdPurpose::proof : OpenIdPurpose::sign_in,
                            .subject = row->subject,
                            .asked_at = row->created_at,
                            .nonce = derived(browser_secret, "nonce", answer.state),
                            .verifier = derived(browser_secret, "verifier", answer.state)};
}

base::Task<OpenIdPerson> OpenIdSignIn::identify(OpenIdClient client, OpenIdAttempt attempt, OpenIdAnswer answer) {
    if (client->issuer != attempt.issuer) {
        co_return stale();
    }
    CO_TRY(const OpenIdMetadata metadata, co_await providers_.describe(client));
    CO_TRY_VOID(check_issuer(metadata, attempt, answer));
    if (!answer.error.empty() || answer.code.empty() || answer.code.size() > kLongestCode) {
        co_return refused(answer.error);
    }
    CO_TRY(OpenIdTokens tokens, co_await redeem(client, metadata, attempt, answer.code));
    CO_TRY(json::Object claims, co_await believed_claims(client, metadata, attempt, std::move(tokens)));
    co_return read_openid_person(std::move(claims));
}

base::Task<OpenIdTokens> OpenIdSignIn::redeem(OpenIdClient client, OpenIdMetadata metadata,
                                              const OpenIdAttempt& attempt, std::string code) {
    const OpenIdCode redeemed{.code = std::move(code),
                              .verifier = attempt.verifier,
                              .redirect_uri = openid_redirect_uri(public_url_, attempt.tenant)};
    CO_TRY(egress::HttpRequest request, code_request(*client, metadata, redeemed, now_()));
    auto response = co_await providers_.send(client, std::move(request));
    co_return read_code_answer(std::move(response));
}

base::Task<json::Object> OpenIdSignIn::believed_claims(OpenIdClient client, OpenIdMetadata metadata,
                                                       const OpenIdAttempt& attempt, OpenIdTokens tokens) {
    CO_TRY(const IdToken token, IdToken::parse(tokens.id_token.reveal()));
    CO_TRY(const OpenIdProviders::Keys keys, co_await providers_.keys(client, metadata, token.key_id()));
    CO_TRY_VOID(token.check_signature(*keys));
    CO_TRY_VOID(token.check_claims({.issuer = attempt.issuer,
                                    .client_id = client->client_id,
                                    .nonce = attempt.nonce,
                                    .asked_at = attempt.asked_at,
                                    .now = now_(),
                                    .is_fresh = attempt.purpose == OpenIdPurpose::proof}));
    json::Object claims = token.claims();
    const bool is_silent = json::find(claims, "email") == nullptr || lacks_role_claim(*client, claims);
    if (is_silent && metadata.userinfo_endpoint && !tokens.access_token.empty()) {
        egress::HttpRequest request = userinfo_request(*metadata.userinfo_endpoint, tokens.access_token);
        auto response = co_await providers_.send(client, std::move(request));
        CO_TRY(const json::Object userinfo, read_userinfo(std::move(response), json::text(claims.at("sub"))));
        fill_in(*client, userinfo, claims);
    }
    co_return claims;
}

}  // namespace quell::identity
