// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "vault_test.hpp"

namespace vault_secrets {
namespace {

using quell::Status;

constexpr const char* kLease = "database/creds/readonly/abc";

class VaultLease : public VaultTest {};

TEST_F(VaultLease, IsRenewedAsVaultDecides) {
    host_.expect("POST", "/v1/sys/leases/renew")
        .with_body(R"({"lease_id":"database/creds/readonly/abc","increment":7200})")
        .reply(200, R"({"lease_id":"database/creds/readonly/abc","lease_duration":1800,"renewable":true})");

    const auto reply = call("renew", {{"lease_id", kLease}, {"increment_ms", 7'200'000}}).reply;

    EXPECT_EQ(reply["lease"]["ttl_ms"], 1'800'000);
}

TEST_F(VaultLease, ThatHasEndedIsTold) {
    host_.expect("POST", "/v1/sys/leases/renew").reply(400, R"({"errors":["lease not found"]})");

    EXPECT_EQ(call("renew", {{"lease_id", kLease}}).status(), Status::not_found);
}

TEST_F(VaultLease, IsRevokedAtTheDatabaseBeforeTheAnswer) {
    host_.expect("POST", "/v1/sys/leases/revoke")
        .with_body(R"({"lease_id":"database/creds/readonly/abc","sync":true})")
        .reply(204);

    EXPECT_TRUE(call("revoke", {{"lease_id", kLease}}).ok());
}

// PROVIDERS.md 6: with warnings, a 204 becomes a 200.
TEST_F(VaultLease, IsRevokedAlsoWithWarnings) {
    host_.expect("POST", "/v1/sys/leases/revoke").reply(200, R"({"warnings":["slow"]})");

    EXPECT_TRUE(call("revoke", {{"lease_id", kLease}}).ok());
}

TEST_F(VaultLease, OfSomebodyElseIsNotTouched) {
    configure(R"(,"path_prefixes":["database/creds/acme-"])");
    for (const char* lease : {"auth/approle/login/x", "aws/creds/x/y", "database/creds/readonly/abc", "database/../sys/x"}) {
        EXPECT_EQ(call("revoke", {{"lease_id", lease}}).status(), Status::permission_denied) << lease;
        EXPECT_EQ(call("renew", {{"lease_id", lease}}).status(), Status::permission_denied) << lease;
    }
}

}  // namespace
}  // namespace vault_secrets
