// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>

#include "identity/challenge.hpp"
#include "identity/display_name.hpp"
#include "identity/pkce.hpp"
#include "identity/roles.hpp"
#include "identity/users.hpp"

namespace quell::identity {
namespace {

// E03
// DC-01
TEST(Challenge, BeginsWithTheBytesThatClientsLookFor) {
    EXPECT_EQ(bearer_challenge("https://quell.example", ""),
              R"(Bearer realm="mcp", resource_metadata="https://quell.example/.well-known/oauth-protected-resource")");
    EXPECT_EQ(bearer_challenge("https://quell.example", "devices:contain"),
              R"(Bearer realm="mcp", resource_metadata="https://quell.example/.well-known/oauth-protected-resource", )"
              R"(scope="devices:contain")");
}

TEST(Challenge, SaysThatATokenIsBad) {
    EXPECT_EQ(invalid_token_challenge("https://quell.example", "devices:contain"),
              R"(Bearer realm="mcp", resource_metadata="https://quell.example/.well-known/oauth-protected-resource", )"
              R"(scope="devices:contain", error="invalid_token", error_description="Invalid or expired token")");
}

TEST(Challenge, NamesAllScopesThatAreNeeded) {
    const std::string challenge = insufficient_scope_challenge("https://quell.example", "sessions:revoke devices:contain");

    EXPECT_NE(challenge.find(R"(scope="sessions:revoke devices:contain", error="insufficient_scope")"), std::string::npos);
}

// V66
TEST(Roles, GiveAViewerOnlyTheReadingScope) {
    EXPECT_EQ(grantable_scopes(Role::owner), ScopeSet::all());
    EXPECT_EQ(grantable_scopes(Role::admin), ScopeSet::all());
    EXPECT_EQ(grantable_scopes(Role::analyst), ScopeSet::all());
    EXPECT_EQ(grantable_scopes(Role::viewer), ScopeSet{Scope::challenges_read});
}

TEST(Roles, AreSpelledAsOnTheWire) {
    for (const Role role : kAllRoles) {
        EXPECT_EQ(parse_role(to_string(role)), role);
    }
    EXPECT_FALSE(parse_role("Owner").has_value());
    EXPECT_FALSE(parse_role("").has_value());
}

// RFC 7636 appendix B.
TEST(Pkce, AcceptsTheVectorOfTheRfc) {
    EXPECT_TRUE(proves("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
}

TEST(Pkce, RejectsWhatIsNotTheVerifier) {
    constexpr std::string_view kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    EXPECT_FALSE(proves("", kChallenge));
    EXPECT_FALSE(proves("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl", kChallenge));
    EXPECT_FALSE(proves(kChallenge, kChallenge));  // what "plain" would take
    EXPECT_FALSE(proves("", ""));
    EXPECT_FALSE(proves("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", ""));
}

TEST(Pkce, RejectsAChallengeThatIsNotADigest) {
    EXPECT_TRUE(is_code_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    EXPECT_FALSE(is_code_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c"));
    EXPECT_FALSE(is_code_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM="));
    EXPECT_FALSE(is_code_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"));
}

TEST(Pkce, RejectsAVerifierOfTheWrongForm) {
    // Digests that fit, of verifiers that RFC 7636 4.1 does not allow: 42 and 129 characters, a space.
    EXPECT_FALSE(proves(std::string(42, 'a'), "ubOKzQmSKcH4MmhvTQ5KGu6mHUYAlM_8e5_8qXmHKQk"));
    EXPECT_FALSE(proves(std::string(129, 'a'), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
}

TEST(DisplayName, RefusesWhatCanDeceive) {
    EXPECT_TRUE(check_display_name("Müllers <SOAR> & Co").has_value());
    for (const std::string_view name :
         {"", "   ", "a\nb", "a\x1B[31m", "a\x7F", "a\u202Eb", "a\u200Bb", "a\u0085b", "a\u2066b", "\xFF"}) {
        EXPECT_FALSE(check_display_name(name).has_value()) << name;
    }
    EXPECT_FALSE(check_display_name(std::string(101, 'a')).has_value());
}

TEST(Email, HasOneForm) {
    EXPECT_EQ(normal_email("Alice@Corp.Example").value(), "alice@corp.example");
    for (const std::string_view text : {"", "alice", "@corp.example", "alice@", "a@b@c", "a b@c", "a\n@c", "<a@c>"}) {
        EXPECT_FALSE(normal_email(text).has_value()) << text;
    }
}

}  // namespace
}  // namespace quell::identity
