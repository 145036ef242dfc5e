// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "config/mail_address.hpp"
#include "config/settings_directory.hpp"

namespace quell::config {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kStore = "[store]\nurl = \"sqlite:/q.db\"\n";
const std::string kHead = "[tenant]\nname = \"Acme\"\n";

Loaded load_both(const std::string& host, const std::string& tenant) {
    SettingsDirectory directory;
    return directory.write("quell.toml", kStore + host).write("tenants/acme.toml", kHead + tenant).load();
}

std::string mistakes(const std::string& host, const std::string& tenant) {
    std::string found;
    for (const Diagnostic& one : load_both(host, tenant).errors) {
        found += one.message + "\n";
    }
    return found;
}

// L21, L22, L23
TEST(NotificationSettings, ReadEveryKey) {
    const Loaded loaded = load_both(R"([smtp]
server = "smtp.corp.example:587"
from = "quell@corp.example"
username = "quell"
password = { env = "SMTP_PASSWORD" }
)",
                                    R"([notifications.email]
enabled = true
recipients = ["security@acme.example"]
events = ["approval_requested", "access_granted"]
[notifications.slack]
enabled = true
webhook_url = { file = "/etc/quell/secrets/slack" }
channel = "#security-approvals"
events = ["*"]
[notifications.webhook]
enabled = true
url = "https://soar.acme.example/hook"
secret = { env = "HOOK_SECRET" }
events = ["*"]
[notifications.plugin]
enabled = true
connector = "slack"
channel = "#security"
events = ["approval_requested"]
)");

    EXPECT_THAT(loaded.errors, IsEmpty());
    EXPECT_EQ(loaded.settings.smtp.host, "smtp.corp.example");
    EXPECT_EQ(loaded.settings.smtp.port, 587);
    EXPECT_EQ(loaded.settings.smtp.tls, MailTls::starttls);
    const NotificationSettings& read = loaded.settings.tenants.at(TenantId("acme")).notifications;
    EXPECT_THAT(read.email.recipients, ElementsAre("security@acme.example"));
    EXPECT_EQ(read.slack.channel, "#security-approvals");
    EXPECT_EQ(read.webhook.url, "https://soar.acme.example/hook");
    EXPECT_EQ(read.plugin.connector, ConnectorKey("slack"));
    EXPECT_TRUE(wants(read.email, "access_granted"));
    EXPECT_TRUE(wants(read.email, "approval_granted"));  // what the model product calls access_granted
    EXPECT_FALSE(wants(read.email, "approval_denied"));
    EXPECT_TRUE(wants(read.webhook, "approval_denied"));
    EXPECT_TRUE(wants(read.email, kTestEvent));
}

TEST(NotificationSettings, SendNothingUnlessItIsWritten) {
    const Loaded loaded = load_both("", "");

    EXPECT_FALSE(wants(loaded.settings.tenants.at(TenantId("acme")).notifications.email, kTestEvent));
    EXPECT_EQ(loaded.settings.smtp.host, "");
}

TEST(NotificationSettings, NameTheEventThatWasMeant) {
    EXPECT_THAT(mistakes("", "[notifications.slack]\nevents = [\"aproval_requested\"]\n"), HasSubstr("the nearest one is `approval_requested`"));
    EXPECT_THAT(mistakes("", "[notifications.slak]\n"), HasSubstr("slack"));
}

TEST(NotificationSettings, SayWhatAnEnabledChannelLacks) {
    const std::string found = mistakes("", "[notifications.email]\nenabled = true\n[notifications.slack]\nenabled = true\n"
                                           "[notifications.webhook]\nenabled = true\n[notifications.plugin]\nenabled = true\n");

    for (const std::string key : {"email.events", "email.recipients", "slack.webhook_url", "webhook.url", "plugin.connector", "plugin.channel"}) {
        EXPECT_THAT(found, HasSubstr("`notifications." + key + "` is missing"));
    }
}

// SS-04
TEST(NotificationSettings, TakeNoAddressOfAnotherKindAndNoSecretInTheOpen) {
    for (const std::string url : {"file:///etc/passwd", "gopher://x", "ftp://x/y"}) {
        EXPECT_THAT(mistakes("", "[notifications.webhook]\nurl = \"" + url + "\"\n"), HasSubstr("must be an https address"));
    }
    EXPECT_THAT(mistakes("", "[notifications.slack]\nwebhook_url = \"https://hooks.slack.com/services/T/B/x\"\n"), HasSubstr("secret reference"));
}

TEST(NotificationSettings, SendNoMailInTheClearBeyondThisMachine) {
    const std::string from = "from = \"quell@corp.example\"\n";

    EXPECT_THAT(mistakes("[smtp]\nserver = \"smtp.corp.example:25\"\ntls = \"none\"\n" + from, ""), HasSubstr("loopback"));
    EXPECT_EQ(mistakes("[smtp]\nserver = \"127.0.0.1:25\"\ntls = \"none\"\n" + from, ""), "");
    EXPECT_THAT(mistakes("[smtp]\nserver = \"127.0.0.1:25\"\nusername = \"a\"\n" + from, ""), HasSubstr("belong together"));
    EXPECT_THAT(mistakes("[smtp]\nserver = \"smtp.corp.example\"\n" + from, ""), HasSubstr("host and port"));
    EXPECT_THAT(mistakes("[smtp]\nserver = \"127.0.0.1:25\"\n", ""), HasSubstr("`smtp.from` is missing"));
}

TEST(NotificationSettings, AllowInsecureWebhooksOnALoopbackListenerAlone) {
    const std::string allow = "[webhooks]\nallow_insecure_loopback = true\n";

    EXPECT_EQ(mistakes(allow, ""), "");
    EXPECT_THAT(mistakes("[server]\nlisten = \"0.0.0.0:8443\"\npublic_url = \"https://q.example\"\ntls_cert = \"c\"\ntls_key = \"k\"\n" + allow, ""),
                HasSubstr("allow_insecure_loopback"));
}

TEST(MailAddress, CanStandInAHeaderAsItIs) {
    for (const std::string_view good : {"ada@acme.example", "a.b+c@x-y.example", "o'hara@acme.example"}) {
        EXPECT_TRUE(is_mail_address(good)) << good;
    }
    for (const std::string_view bad : {"", "ada", "@x", "ada@", "a b@x", "a@x\r\nBcc: b@x", "<a@x>", "a@b@c", "\"a\"@x", "a,b@x", ".a@x", "a..b@x", "\xC3\xA4@x"}) {
        EXPECT_FALSE(is_mail_address(bad)) << bad;
    }
}

}  // namespace
}  // namespace quell::config
