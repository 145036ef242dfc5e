// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "config/settings_directory.hpp"

namespace quell::config {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kGood = R"([openid]
issuer = "https://acme.okta.com"
client_id = "quell"
client_secret = { env = "SECRET" }
)";

Loaded loaded(const std::string& tenant) {
    SettingsDirectory directory;
    return directory.write("quell.toml", "[store]\nurl = \"sqlite:/q.db\"\n").write("tenants/acme.toml", tenant).load();
}

OpenIdSettings settings_of(const std::string& tenant) {
    const Loaded all = loaded(tenant);
    EXPECT_THAT(errors_of_tenant(tenant), IsEmpty());
    return all.settings.tenants.at(TenantId("acme")).openid.value_or(OpenIdSettings());
}

TEST(OpenIdSettings, AreAbsentUnlessWritten) {
    EXPECT_FALSE(loaded("[tenant]\nname = \"Acme\"\n").settings.tenants.at(TenantId("acme")).openid);
}

// V89+
TEST(OpenIdSettings, AskForTheUsualScopesAndGiveNoRoleIfNothingIsWritten) {
    const OpenIdSettings settings = settings_of(kGood);

    EXPECT_THAT(settings.scopes, ElementsAre("openid", "email", "profile"));
    EXPECT_EQ(settings.role_claim, "groups");
    EXPECT_TRUE(settings.roles.empty());
    EXPECT_EQ(settings.default_role, "");
    EXPECT_FALSE(settings.trust_email);
}

TEST(OpenIdSettings, ReadEveryKey) {
    const OpenIdSettings settings = settings_of(R"([openid]
name = "Acme sign-in"
issuer = "https://acme.okta.com"
client_id = "quell"
private_key = { env = "KEY" }
key_id = "k1"
scopes = ["openid", "email", "groups"]
email_domains = ["Corp.example"]
trust_email = true
prompt = "select_account"
role_claim = "/realm_access/roles"
default_role = "viewer"
[openid.roles]
"quell admins" = "admin"
soc = "analyst"
)");

    EXPECT_EQ(settings.name, "Acme sign-in");
    EXPECT_TRUE(settings.private_key.has_value());
    EXPECT_EQ(settings.key_id, "k1");
    EXPECT_THAT(settings.scopes, ElementsAre("openid", "email", "groups"));
    EXPECT_THAT(settings.email_domains, ElementsAre("corp.example"));
    EXPECT_TRUE(settings.trust_email);
    EXPECT_EQ(settings.prompt, "select_account");
    EXPECT_EQ(settings.role_claim, "/realm_access/roles");
    EXPECT_EQ(settings.default_role, "viewer");
    EXPECT_EQ(settings.roles.at("quell admins"), "admin");
    EXPECT_EQ(settings.roles.at("soc"), "analyst");
}

TEST(OpenIdSettings, NameThePlaceOfEachMistake) {
    const auto with = [](const std::string& line) { return errors_of_tenant(kGood + line + "\n"); };

    EXPECT_THAT(errors_of_tenant("[openid]\nclient_id = \"x\"\nclient_secret = { env = \"S\" }\n"),
                Contains(HasSubstr("acme.toml:1:2: `openid.issuer` is missing")));
    EXPECT_THAT(errors_of_tenant("[openid]\nissuer = \"https://a.example\"\nclient_id = \"x\"\n"),
                Contains(HasSubstr("`openid.private_key` is needed")));
    EXPECT_THAT(with("private_key = { env = \"K\" }"), Contains(HasSubstr("and not both")));
    EXPECT_THAT(with("scopes = [\"email\"]"), Contains(HasSubstr("acme.toml:5:1: `openid.scopes` must have \"openid\"")));
    EXPECT_THAT(with("prompt = \"none\""), Contains(HasSubstr("`openid.prompt` must be one of `login`")));
    EXPECT_THAT(with("email_domains = [\"a@b\"]"), Contains(HasSubstr("which is no domain")));
    EXPECT_THAT(with("email_domains = [\"*.corp.example\"]"), Contains(HasSubstr("which is no domain")));
    EXPECT_THAT(with("role_clam = \"x\""), Contains(HasSubstr("nearest one is `role_claim`")));
}

// A secret is never written into the settings.
TEST(OpenIdSettings, TakeSecretsByReferenceAlone) {
    EXPECT_THAT(errors_of_tenant("[openid]\nissuer = \"https://a.example\"\nclient_id = \"x\"\nclient_secret = \"s\"\n"),
                Contains(HasSubstr("acme.toml:4:1: `openid.client_secret` must be a secret reference")));
}

// Whoever runs the provider would own the tenant, and nobody could take it back.
TEST(OpenIdSettings, NeverMakeAnOwner) {
    EXPECT_THAT(errors_of_tenant(kGood + "[openid.roles]\nbosses = \"owner\"\n"),
                Contains(HasSubstr("`openid.roles.bosses` must be one of `admin`")));
    EXPECT_THAT(errors_of_tenant(kGood + "default_role = \"owner\"\n"),
                Contains(HasSubstr("`openid.default_role` must be one of")));
}

TEST(OpenIdSettings, WantAnIssuerThatIsHttps) {
    const auto of = [](const std::string& issuer, const std::string& more = "") {
        return errors_of_tenant("[openid]\nissuer = \"" + issuer + "\"\nclient_id = \"x\"\nclient_secret = { env = \"S\" }\n" +
                                more);
    };

    for (const std::string issuer : {"http://a.example", "https://a.example?x=1", "https://a.example#x", "ftp://a.example",
                                     "http://127.0.0.1.evil.example", "https://u@a.example", "https://"}) {
        EXPECT_THAT(of(issuer, "allow_insecure_loopback = true\n"), Contains(HasSubstr("`openid.issuer` must be an https")))
            << issuer;
    }
    EXPECT_THAT(of("http://127.0.0.1:9000"), Contains(HasSubstr("allow_insecure_loopback = true")));
    EXPECT_THAT(of("http://127.0.0.1:9000", "allow_insecure_loopback = true\n"), IsEmpty());
    EXPECT_THAT(of("https://login.example/tenant/v2.0"), IsEmpty());
}

TEST(OpenIdSettings, ReachThisMachineOnlyWhileTheHostListensThereAlone) {
    const std::string tenant = kGood + "allow_insecure_loopback = true\n";
    const std::string server =
        "[store]\nurl = \"sqlite:/q.db\"\n[server]\nlisten = \"0.0.0.0:8443\"\npublic_url = \"https://q.example\"\n";
    const auto errors = SettingsDirectory().write("quell.toml", server).write("tenants/acme.toml", tenant).errors();

    EXPECT_THAT(errors, Contains(HasSubstr("acme.toml:1:2: `openid.allow_insecure_loopback` is for tests")));
}

}  // namespace
}  // namespace quell::config
