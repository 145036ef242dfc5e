// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/registration.hpp"

#include <gmock/gmock.h>

#include "identity/temporary_host.hpp"

namespace quell::identity {
namespace {

ClientMetadata wanted(std::optional<AuthMethod> method = AuthMethod::none) {
    return {.name = "Editor",
            .redirect_uris = {"http://127.0.0.1/cb"},
            .grants = {GrantType::authorization_code, GrantType::refresh_token},
            .auth_method = method,
            .scopes = ScopeSet::all(),
            .jwks = R"({"keys":[{"kty":"RSA","n":"a","e":"AQAB"}]})",
            .application_type = "native"};
}

Result<CreatedClient> add(TemporaryHost& host, const ClientMetadata& metadata) {
    std::vector<RedirectUri> uris = {RedirectUri::parse(metadata.redirect_uris.front()).value()};
    return host.run(host.registration.add(metadata, std::move(uris), "registration"));
}

TEST(Registration, MakesAClientOfNoTenant) {
    TemporaryHost host;

    const auto created = add(host, wanted());

    ASSERT_TRUE(created);
    const auto known = host.clients.find(created->client.id.str()).value();
    ASSERT_TRUE(known);
    EXPECT_EQ(known->kind, ClientKind::dynamic);
    EXPECT_TRUE(known->tenant.empty());
    EXPECT_EQ(known->name, "Editor");
    EXPECT_FALSE(known->confidential);
    EXPECT_TRUE(created->secret.empty());
    EXPECT_TRUE(host.clients.list(TenantId("acme"))->empty());
    EXPECT_TRUE(host.has_event("client_registered", ""));
}

TEST(Registration, GivesASecretToAClientThatWantsOne) {
    TemporaryHost host;

    // RFC 7591 2: client_secret_basic if nothing is said.
    for (const auto method : {std::optional<AuthMethod>(), std::optional(AuthMethod::client_secret_post)}) {
        const auto created = add(host, wanted(method));
        ASSERT_TRUE(created);
        const std::string& id = created->client.id.str();
        EXPECT_TRUE(host.clients.authenticate(id, created->secret.reveal()).value().has_value());
        EXPECT_FALSE(host.clients.authenticate(id, "").value().has_value());
    }
}

TEST(Registration, KeepsTheKeysOfAClientThatSigns) {
    TemporaryHost host;

    const auto created = add(host, wanted(AuthMethod::private_key_jwt));

    ASSERT_TRUE(created);
    EXPECT_TRUE(created->secret.empty());
    const auto known = host.clients.find(created->client.id.str()).value();
    EXPECT_TRUE(known->confidential);
    EXPECT_EQ(known->jwks, wanted().jwks);
    // No secret, and none at all, stands in for a signature.
    EXPECT_FALSE(host.clients.authenticate(created->client.id.str(), "").value().has_value());
    EXPECT_FALSE(host.clients.authenticate(created->client.id.str(), "x").value().has_value());
}

TEST(Registration, NamesAClientThatGaveNoNameByWhereItLeads) {
    TemporaryHost host;
    ClientMetadata nameless = wanted();
    nameless.name = "";

    EXPECT_EQ(add(host, nameless)->client.name, "MCP client at 127.0.0.1");
}

TEST(Registration, StopsWhileTooManyClientsWaitForTheirFirstUse) {
    TemporaryHost host;
    ASSERT_TRUE(add(host, wanted()));
    host.tamper("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)"
                " INSERT INTO clients SELECT id || i, tenant, kind, name, secret_hash, redirect_uris, grant_types, scopes,"
                " created_by, created_at, last_used_at, jwks FROM clients, n");

    EXPECT_EQ(add(host, wanted()).error()->key, "rate_limited");
}

TEST(InitialTokens, LetTheirHolderRegister) {
    TemporaryHost host;

    const auto created = host.initial_tokens.create_and_wait("CI", std::chrono::hours(24), "uid:0");

    ASSERT_TRUE(created);
    EXPECT_EQ(host.initial_tokens.find(created->token.reveal()).value(), created->row.id);
    EXPECT_FALSE(host.initial_tokens.find("qit_other").value().has_value());
    EXPECT_FALSE(host.initial_tokens.find("").value().has_value());
    EXPECT_TRUE(host.has_event("initial_token_created", ""));
}

TEST(InitialTokens, EndWithTheirTimeOrByHand) {
    TemporaryHost host;
    const auto old = host.initial_tokens.create_and_wait("Old", std::chrono::hours(24), "uid:0");
    const auto deleted = host.initial_tokens.create_and_wait("Deleted", std::chrono::hours(48), "uid:0");

    ASSERT_TRUE(host.initial_tokens.remove_and_wait(deleted->row.id, "uid:0"));
    host.now += std::chrono::hours(24);

    EXPECT_FALSE(host.initial_tokens.find(old->token.reveal()).value().has_value());
    EXPECT_FALSE(host.initial_tokens.find(deleted->token.reveal()).value().has_value());
    EXPECT_EQ(host.initial_tokens.remove_and_wait(deleted->row.id, "uid:0").error()->key, "initial_token_not_found");
    EXPECT_TRUE(host.has_event("initial_token_deleted", ""));
}

TEST(InitialTokens, AreRefusedANameOrLifeThatMakesNoSense) {
    TemporaryHost host;

    EXPECT_FALSE(host.initial_tokens.create_and_wait("", std::chrono::hours(24), "uid:0"));
    EXPECT_FALSE(host.initial_tokens.create_and_wait("CI", std::chrono::hours(1), "uid:0"));
    EXPECT_FALSE(host.initial_tokens.create_and_wait("CI", std::chrono::hours(24 * 400), "uid:0"));
}

}  // namespace
}  // namespace quell::identity
