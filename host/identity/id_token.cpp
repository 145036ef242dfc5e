// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// The numbers are those of OpenID Connect Core 1.0, 3.1.3.7.

#include "identity/id_token.hpp"

#include <algorithm>

#include "crypto/digest.hpp"
#include "identity/numeric_date.hpp"
#include "json/parse.hpp"
#include "json/read.hpp"

namespace quell::identity {
namespace {

// How far the provider's clock may be from ours.
constexpr std::chrono::seconds kSkew{60};
constexpr std::size_t kLongestSubject = 255;

Error refusal(std::string_view why) {
    return {Code::unauthenticated, "openid_token_invalid", "The identity provider's id token " + std::string(why) + "."};
}

std::string_view text_of(const json::Object& claims, std::string_view name) {
    const json::Value* const value = json::find(claims, name);
    return value == nullptr ? std::string_view() : json::text(*value);
}

std::optional<WallTime> time_of(const json::Object& claims, std::string_view name) {
    const json::Value* const value = json::find(claims, name);
    return value == nullptr ? std::nullopt : numeric_date(*value);
}

// 3 to 5: it is for us, and if for others as well, then it was made for us.
bool is_for(const json::Object& claims, const std::string& client_id) {
    const json::Value* const audience = json::find(claims, "aud");
    const bool has_party = json::find(claims, "azp") != nullptr;
    const bool is_party = text_of(claims, "azp") == client_id;
    if (audience == nullptr || (has_party && !is_party)) {
        return false;
    }
    const json::Array* const list = audience->if_array();
    if (list == nullptr) {
        return json::text(*audience) == client_id;
    }
    const bool named = std::ranges::any_of(*list, [&](const json::Value& one) { return json::text(one) == client_id; });
    return named && (list->size() == 1 || is_party);
}

// 9 and 10
Result<void> check_times(const json::Object& claims, const IdTokenRules& rules) {
    const auto expiry = time_of(claims, "exp");
    if (!expiry || *expiry + kSkew <= rules.now) {
        return refusal("has expired, or says no time at which it does (exp)");
    }
    const auto issued = time_of(claims, "iat");
    if (!issued || *issued > rules.now + kSkew || *issued + kSkew < rules.asked_at) {
        return refusal("was not issued for this sign-in: its time (iat) is missing, before it, or in the future");
    }
    const bool has_start = json::find(claims, "nbf") != nullptr;
    const auto start = time_of(claims, "nbf");
    if (has_start && (!start || *start > rules.now + kSkew)) {
        return refusal("is not valid yet (nbf)");
    }
    return {};
}

// 13
Result<void> check_freshness(const json::Object& claims, const IdTokenRules& rules) {
    if (!rules.is_fresh) {
        return {};
    }
    const auto signed_in = time_of(claims, "auth_time");
    if (!signed_in || *signed_in + kSkew < rules.asked_at || *signed_in > rules.now + kSkew) {
        return refusal("does not show a sign-in made just now (auth_time)");
    }
    return {};
}

bool is_subject(std::string_view subject) {
    return !subject.empty() && subject.size() <= kLongestSubject &&
           std::ranges::all_of(subject, [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

Result<IdToken> IdToken::parse(std::string_view compact) {
    auto jws = crypto::Jws::parse(compact);
    auto document = jws ? json::parse(jws->payload(), {.bytes = 16 * 1024, .depth = 8, .values = 2000})
                        : Result<json::Value>(jws.error());
    if (!document || !document->is_object()) {
        return refusal("is malformed");
    }
    return IdToken(*std::move(jws), std::move(document->get_object()));
}

// 6 to 8: "none" and shared secrets are no algorithms here, whatever keys there are.
Result<void> IdToken::check_signature(const crypto::KeySet& keys) const {
    if (std::ranges::find(crypto::kVerifyAlgorithms, jws_.algorithm()) == crypto::kVerifyAlgorithms.end()) {
        return refusal("is signed by an algorithm that is not accepted");
    }
    if (!keys.may_hold(key_id())) {
        return refusal("names a key that the provider does not publish (kid)");
    }
    return jws_.is_signed_by(keys) ? Result<void>() : refusal("is not signed by the provider");
}

Result<void> IdToken::check_claims(const IdTokenRules& rules) const {
    if (text_of(claims_, "iss") != rules.issuer) {
        return refusal("is another issuer's (iss)");  // 2
    }
    if (!is_for(claims_, rules.client_id)) {
        return refusal("is for another client (aud, azp)");
    }
    if (rules.nonce.empty() || !crypto::equal_constant_time(text_of(claims_, "nonce"), rules.nonce)) {
        return refusal("belongs to another sign-in (nonce)");  // 11
    }
    if (!is_subject(text_of(claims_, "sub"))) {
        return refusal("names no subject (sub)");
    }
    TRY_VOID(check_times(claims_, rules));
    return check_freshness(claims_, rules);
}

}  // namespace quell::identity
