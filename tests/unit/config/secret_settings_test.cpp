// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "config/settings_directory.hpp"

namespace quell::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const char* const kSecrets = R"([approvals.roles]
oncall-engineer = ["john@example.com", "jane@example.com"]
[secrets]
value_in_result = true
default_environment = "production"
ttl = "30m"
max_ttl = "12h"
[[secrets.rules]]
uri = "vsecure://secrets/production/*"
name = "Production"
permissions = ["read"]
approvers = ["john@example.com", "oncall-engineer", "admin"]
min_reason_length = 20
max_ttl = "1h"
[secrets.rules.auto_approve]
enabled = true
time_window = "09:00-17:00 PST"
requester = ["claude-desktop"]
operations = ["read"]
[[secrets.rules]]
uri = "vsecure://secrets/development/*"
permissions = ["read", "write"]
requires_approval = false
[[secrets.rules]]
uri = "vsecure://secrets/{environment}/vault/{name}"
source = "vault:kv/{environment}/{name}#value"
[[secrets.alerts]]
name = "many"
metric = "access_count"
resource = "vsecure://secrets/production/*"
period = "1h"
threshold = 100
)";

// A16
TEST(SecretSettings, AreReadWhole) {
    SettingsDirectory directory;
    directory.write("quell.toml", "").write("tenants/acme.toml", kSecrets);
    EXPECT_THAT(errors_of_tenant(kSecrets), IsEmpty());
    const TenantSettings tenant = directory.load().settings.tenants.at(TenantId("acme"));
    EXPECT_THAT(tenant.approvals.roles.at("oncall-engineer"), ElementsAre("john@example.com", "jane@example.com"));
    const SecretSettings& secrets = tenant.secrets;
    EXPECT_TRUE(secrets.value_in_result);
    EXPECT_EQ(secrets.ttl, std::chrono::minutes(30));
    ASSERT_EQ(secrets.rules.size(), 3U);
    const SecretRule& production = secrets.rules[0];
    EXPECT_TRUE(production.may_read);
    EXPECT_FALSE(production.may_write);
    EXPECT_TRUE(production.requires_approval);
    EXPECT_TRUE(production.reason.required);
    EXPECT_EQ(production.reason.least_length, 20U);
    EXPECT_EQ(production.longest, std::chrono::hours(1));
    EXPECT_EQ(production.auto_approval.time_window->text(), "09:00-17:00 PST");
    EXPECT_FALSE(secrets.rules[1].requires_approval);
    EXPECT_TRUE(secrets.rules[1].may_write);
    ASSERT_EQ(secrets.alerts.size(), 1U);
    EXPECT_EQ(secrets.alerts[0].threshold, 100);
}

std::vector<std::string> errors_of_rule(const std::string& lines) {
    return errors_of_tenant("[[secrets.rules]]\nuri = \"vsecure://secrets/production/{name}\"\n" + lines);
}

// AP-05, L11: with the line at which it stands.
TEST(SecretSettings, TellWhatIsWrongAndWhere) {
    EXPECT_THAT(errors_of_tenant("[[secrets.rules]]\nuri = \"vsecure://secrets/../x\"\n"),
                ElementsAre(HasSubstr("tenants/acme.toml:2:")));
    EXPECT_THAT(errors_of_tenant("[[secrets.rules]]\nname = \"x\"\n"), ElementsAre(HasSubstr("`secrets.rules.uri` is missing")));
    EXPECT_THAT(errors_of_rule("permissions = [\"execute\"]\n"), ElementsAre(HasSubstr("tenants/acme.toml:3:")));
    EXPECT_THAT(errors_of_rule("approvers = [\"oncal\"]\n"), ElementsAre(HasSubstr("no role")));
    EXPECT_THAT(errors_of_rule("source = \"kv/x\"\n"), ElementsAre(HasSubstr("vault:kv/acme/{name}#value")));
    EXPECT_THAT(errors_of_rule("source = \"vault:kv/{other}#v\"\n"), ElementsAre(HasSubstr("{other}")));
    EXPECT_THAT(errors_of_rule("max_ttl = \"1s\"\n"), ElementsAre(HasSubstr("from \"1m\" to \"30d\"")));
    EXPECT_THAT(errors_of_rule("requires_aproval = false\n"), ElementsAre(HasSubstr("the nearest one is `requires_approval`")));
    EXPECT_THAT(errors_of_rule("[secrets.rules.auto_approve]\nenabled = true\n"), ElementsAre(HasSubstr("at least one condition")));
    EXPECT_THAT(errors_of_rule("[secrets.rules.auto_approve]\nenabled = true\ntime_window = \"09:00-17:00 Mars\"\n"),
                testing::Contains(HasSubstr("tenants/acme.toml:5:")));
    EXPECT_THAT(errors_of_rule("[[secrets.rules]]\nuri = \"vsecure://secrets/production/{other}\"\n"),
                ElementsAre(HasSubstr("the rule in line 1 too")));
    EXPECT_THAT(errors_of_tenant("[approvals.roles]\nadmin = [\"a@b.example\"]\n"), ElementsAre(HasSubstr("is no name for a role")));
    EXPECT_THAT(errors_of_tenant("[secrets]\nttl = \"2h\"\nmax_ttl = \"1h\"\n"), ElementsAre(HasSubstr("`secrets.max_ttl`")));
    EXPECT_THAT(errors_of_tenant("[[secrets.alerts]]\nperiod = \"1h\"\n"), ElementsAre(HasSubstr("threshold")));
}

TEST(SecretSettings, NeverHoldAKey) {
    EXPECT_THAT(errors_of("[secret_store]\nkey = \"literal\"\n"), testing::Contains(HasSubstr("secret reference")));
    EXPECT_THAT(errors_of("[secret_store]\nkey = { secret = \"vault:a#b\" }\n"), testing::Contains(HasSubstr("{ env = \"NAME\" }")));
    SettingsDirectory directory;
    directory.write("quell.toml", "[secret_store]\nkey = { env = \"NEW\" }\nprevious_keys = [{ file = \"/etc/old.key\" }]\n");
    const SecretStoreSettings store = directory.load().settings.secret_store;
    EXPECT_TRUE(store.key);
    EXPECT_EQ(store.previous_keys.size(), 1U);
}

}  // namespace
}  // namespace quell::config
