// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/clients.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "identity/temporary_host.hpp"

namespace quell::identity {
namespace {

const TenantId kAcme("acme");

// V19
TEST(Clients, ShowTheirSecretOnce) {
    TemporaryHost host;
    const CreatedClient created = host.add_client(host.a_client());

    const auto listed = host.clients.list(kAcme);
    const auto stored = host.store->read([&](store::Reader& reader) {
        return reader.row<std::string>("SELECT secret_hash FROM clients", [](const store::Row& row) { return row.text(0); });
    });

    EXPECT_GE(created.secret.reveal().size(), 43U);
    ASSERT_EQ(listed->size(), 1U);
    EXPECT_EQ(stored->value(), crypto::as_text(crypto::sha256(created.secret.reveal())));
    EXPECT_TRUE(host.has_event("client_created"));
}

// V03
TEST(Clients, MayBePublicAndHaveNoSecret) {
    TemporaryHost host;
    NewClient wanted = host.a_client();
    wanted.confidential = false;
    const CreatedClient created = host.add_client(wanted);

    EXPECT_TRUE(created.secret.empty());
    EXPECT_TRUE(host.clients.authenticate(created.client.id.str(), "").value().has_value());
    EXPECT_FALSE(host.clients.authenticate(created.client.id.str(), "anything").value().has_value());
}

TEST(Clients, ProveThemselvesWithTheirSecretAlone) {
    TemporaryHost host;
    const CreatedClient created = host.add_client(host.a_client());
    const std::string& id = created.client.id.str();

    EXPECT_TRUE(host.clients.authenticate(id, created.secret.reveal()).value().has_value());
    EXPECT_FALSE(host.clients.authenticate(id, "").value().has_value());
    EXPECT_FALSE(host.clients.authenticate(id, "wrong").value().has_value());
    EXPECT_FALSE(host.clients.authenticate("unknown", created.secret.reveal()).value().has_value());
}

// V24
// OA-22
TEST(Clients, LoseTheOldSecretButNoTokenWhenItIsRegenerated) {
    TemporaryHost host;
    const CreatedClient created = host.add_client(host.a_client());
    const IssuedTokens tokens = host.grant(created.client, host.add_user("alice@corp.example"));

    const auto fresh = host.clients.regenerate_secret_and_wait(kAcme, created.client.id, "uid:0");

    ASSERT_TRUE(fresh);
    EXPECT_FALSE(host.clients.authenticate(created.client.id.str(), created.secret.reveal()).value().has_value());
    EXPECT_TRUE(host.clients.authenticate(created.client.id.str(), fresh->reveal()).value().has_value());
    EXPECT_EQ(key_of(host.authenticator.check_bearer(tokens.access_token)), "ok");
    EXPECT_TRUE(host.has_event("secret_regenerated"));
}

// V25
// V27
// OA-21
TEST(Clients, TakeAllTheirCredentialsAlong) {
    TemporaryHost host;
    const CreatedClient created = host.add_client(host.a_client());
    const User alice = host.add_user("alice@corp.example");
    const IssuedTokens tokens = host.grant(created.client, alice);
    const std::string code = host.run(host.tokens.approve(host.an_approval(created.client, alice))).value();
    ASSERT_EQ(key_of(host.authenticator.check_bearer(tokens.access_token)), "ok");

    ASSERT_TRUE(host.clients.remove_and_wait(kAcme, created.client.id, "uid:0"));

    EXPECT_EQ(key_of(host.authenticator.check_bearer(tokens.access_token)), "invalid_token");
    EXPECT_EQ(key_of(host.redeem(created.client, code)), "invalid_grant");
    EXPECT_EQ(key_of(host.run(host.tokens.refresh(created.client, tokens.refresh_token, {}))), "invalid_grant");
    EXPECT_FALSE(host.clients.find(created.client.id.str()).value().has_value());
    EXPECT_TRUE(host.has_event("client_deleted"));
}

// V28
TEST(Clients, TellWhenTheyWereLastUsed) {
    TemporaryHost host;
    const CreatedClient created = host.add_client(host.a_client());
    EXPECT_FALSE(host.clients.list(kAcme)->front().client.last_used_at.has_value());
    host.now += std::chrono::hours(1);
    host.grant(created.client, host.add_user("alice@corp.example"));

    const ListedClient listed = host.clients.list(kAcme)->front();

    EXPECT_EQ(listed.client.last_used_at, host.now);
    EXPECT_EQ(listed.client.created_at, host.now - std::chrono::hours(1));
    EXPECT_EQ(listed.tokens, 1);
}

TEST(Clients, OfAnotherTenantAreOutOfReach) {
    TemporaryHost host;
    const CreatedClient created = host.add_client(host.a_client());
    const TenantId globex("globex");

    EXPECT_TRUE(host.clients.list(globex)->empty());
    EXPECT_EQ(host.clients.remove_and_wait(globex, created.client.id, "uid:0").error()->key, "client_not_found");
    EXPECT_FALSE(host.clients.regenerate_secret_and_wait(globex, created.client.id, "uid:0"));
    EXPECT_TRUE(host.clients.find(created.client.id.str()).value().has_value());
}

TEST(Clients, AreRefusedWithGrantsThatDoNotFit) {
    TemporaryHost host;
    NewClient wanted = host.a_client();
    wanted.confidential = false;
    wanted.redirect_uris.clear();
    EXPECT_FALSE(host.clients.create_and_wait(wanted, "uid:0"));  // client_credentials without a secret
    wanted.grants = {GrantType::authorization_code};
    EXPECT_FALSE(host.clients.create_and_wait(wanted, "uid:0"));  // no redirect URI
    wanted = host.a_client();
    wanted.grants = {GrantType::refresh_token};
    EXPECT_FALSE(host.clients.create_and_wait(wanted, "uid:0"));
    wanted = host.a_client();
    wanted.scopes = {};
    EXPECT_FALSE(host.clients.create_and_wait(wanted, "uid:0"));
    wanted = host.a_client();
    wanted.redirect_uris.push_back("http://evil.example/cb");
    EXPECT_EQ(host.clients.create_and_wait(wanted, "uid:0").error()->key, "invalid_redirect_uri");
}

}  // namespace
}  // namespace quell::identity
