// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "vault_test.hpp"

namespace vault_secrets {
namespace {

using quell::Status;

class VaultPlace : public VaultTest {};

// PROVIDERS.md 6: OpenBao takes a namespace at the start of the path.
TEST_F(VaultPlace, OutsideOfTheMountsIsNeverAsked) {
    for (const char* path : {"team-b/secret/acme/x", "sys/health", "secrets/acme/x", "auth/token/create", "cubbyhole/x"})
        EXPECT_EQ(read(path).status(), Status::invalid_argument) << path;
}

TEST_F(VaultPlace, ThatClimbsOrIsMalformedIsNeverAsked) {
    for (const char* path : {"secret/../sys/raw/x", "secret/acme/../../sys", "secret/./x", "secret//x", "/secret/x", "secret/x/",
                             "secret/x.", "secret/a%2e%2e/b", "secret/a?version=1", "secret/a#b", "secret/a\\b",
                             "secret/a\nb", "secret/*", "secret", "secret/", ""})
        EXPECT_EQ(read(path).status(), Status::invalid_argument) << path;
}

TEST_F(VaultPlace, EncodesEachSegment) {
    expect_read("secret/data/acme/a%20b%3Ac").reply(200, kv_answer({{"a", "1"}}).dump());

    EXPECT_TRUE(read("secret/acme/a b:c").ok());
}

TEST_F(VaultPlace, TakesTheLongestMount) {
    configure(R"(,"kv_mounts":["kv","kv/team"])");
    expect_read("kv/team/data/x").reply(200, kv_answer({{"a", "1"}}).dump());
    expect_read("kv/data/other/x").reply(200, kv_answer({{"a", "1"}}).dump());

    EXPECT_TRUE(read("kv/team/x").ok());
    EXPECT_TRUE(read("kv/other/x").ok());
}

// PL-10: whatever the policy at Vault allows, a tenant's connector does not ask for another tenant's path.
TEST_F(VaultPlace, OfAnotherTenantIsRefusedBeforeVaultIsAsked) {
    configure(R"(,"path_prefixes":["secret/acme/"])");
    const auto refused = Status::permission_denied;

    for (const char* path : {"secret/beta/db", "secret/acme", "secret/acme2/db", "secret/beta"}) {
        EXPECT_EQ(read(path).status(), refused) << path;
        EXPECT_EQ(call("describe", {{"path", path}}).status(), refused) << path;
        EXPECT_EQ(call("wrap", {{"path", path}, {"ttl_ms", 60'000}}).status(), refused) << path;
        EXPECT_EQ(call("revoke", {{"path", path}, {"versions", {1}}}).status(), refused) << path;
        for (const char* method : {"write", "rotate"})
            EXPECT_EQ(plugin_->call(kBackend, method, secret_document({{"path", path}}, {{"a", "b"}})).status(), refused);
    }
    EXPECT_EQ(call("list", {{"path", "secret/beta"}}).status(), refused);
}

TEST_F(VaultPlace, IsListedOnlyWhereItLeadsToWhatIsServed) {
    configure(R"(,"path_prefixes":["secret/acme/"])");
    host_.expect("GET", "/v1/secret/metadata/").reply(200, R"({"data":{"keys":["acme/","beta/","acme"]}})");

    EXPECT_EQ(call("list", {{"path", "secret"}}).reply["names"], std::vector<std::string>{"acme/"});
}

}  // namespace
}  // namespace vault_secrets
