// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/encoding.hpp"
#include "identity/id_token.hpp"
#include "identity/openid_person.hpp"
#include "json/read.hpp"
#include "target.hpp"

namespace {

namespace identity = quell::identity;

bool says(const quell::json::Object& claims, std::string_view name, std::string_view wanted) {
    const auto value = quell::json::string_member(claims, name);
    return value && *value == wanted;
}

}  // namespace

// The input is the claims. What passes the check is of the one issuer and this one sign-in; what a person is read from
// never becomes an owner.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const identity::IdTokenRules rules{.issuer = "https://idp.example",
                                              .client_id = "quell",
                                              .nonce = "n1",
                                              .asked_at = quell::from_unix_millis(1'800'000'000'000),
                                              .now = quell::from_unix_millis(1'800'000'005'000),
                                              .is_fresh = true};
    static const quell::config::OpenIdSettings settings = [] {
        quell::config::OpenIdSettings made;
        made.role_claim = "/realm/roles";
        made.roles = {{"soc", "analyst"}, {"boss", "owner"}};
        return made;
    }();
    const std::string claims = quell::to_base64url(quell::fuzz::as_text(data, size));
    const auto token = identity::IdToken::parse("eyJhbGciOiJFUzI1NiJ9." + claims + ".AA");
    if (!token) {
        return 0;
    }
    if (token->check_claims(rules)) {
        quell::fuzz::require(says(token->claims(), "iss", rules.issuer) && says(token->claims(), "nonce", rules.nonce));
    }
    const identity::OpenIdPerson person = identity::read_openid_person(token->claims());
    static_cast<void>(identity::believed_email(settings, person));
    quell::fuzz::require(identity::mapped_role(settings, person.claims) != identity::Role::owner);
    return 0;
}
