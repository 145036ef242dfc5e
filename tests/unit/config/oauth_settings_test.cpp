// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "config/settings_directory.hpp"

namespace quell::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kStore = "[store]\nurl = \"sqlite:/q.db\"\n";

OAuthSettings settings_of(const std::string& oauth) {
    SettingsDirectory directory;
    const Loaded loaded = directory.write("quell.toml", kStore + oauth).load();
    EXPECT_THAT(directory.errors(), IsEmpty());
    return loaded.settings.oauth;
}

std::vector<std::string> mistakes_of(const std::string& oauth) { return errors_of(kStore + oauth); }

TEST(OAuthSettings, LetClientsInByTheirUrlAloneIfNothingIsWritten) {
    const OAuthSettings settings = settings_of("");

    EXPECT_TRUE(settings.dynamic_clients);
    EXPECT_TRUE(settings.registration.enabled);
    EXPECT_FALSE(settings.registration.require_initial_token);
    EXPECT_TRUE(settings.metadata_documents.enabled);
    EXPECT_THAT(settings.metadata_documents.trusted_hosts, IsEmpty());
    EXPECT_TRUE(settings.redirect_hosts.any);
    EXPECT_EQ(settings.shared_client, "");
    EXPECT_EQ(settings.unused, std::chrono::hours(24));
}

TEST(OAuthSettings, ReadEveryKey) {
    const OAuthSettings settings = settings_of(R"([oauth]
redirect_hosts = ["known_clients", "soar.example", "*.corp.example"]
dynamic_clients = false
unused_hours = 48
shared_client = "quell-public"
[oauth.registration]
enabled = false
require_initial_token = true
[oauth.metadata_documents]
enabled = false
trusted_hosts = ["claude.ai"]
allow_insecure_loopback = true
)");

    EXPECT_FALSE(settings.redirect_hosts.any);
    EXPECT_TRUE(settings.redirect_hosts.known_clients);
    EXPECT_THAT(settings.redirect_hosts.hosts, ElementsAre("soar.example", "*.corp.example"));
    EXPECT_FALSE(settings.dynamic_clients);
    EXPECT_EQ(settings.unused, std::chrono::hours(48));
    EXPECT_EQ(settings.shared_client, "quell-public");
    EXPECT_FALSE(settings.registration.enabled);
    EXPECT_TRUE(settings.registration.require_initial_token);
    EXPECT_FALSE(settings.metadata_documents.enabled);
    EXPECT_THAT(settings.metadata_documents.trusted_hosts, ElementsAre("claude.ai"));
    EXPECT_TRUE(settings.metadata_documents.allow_insecure_loopback);
}

// E13
TEST(OAuthSettings, KnowTheVendorsByOneWord) {
    const RedirectHosts hosts = settings_of("[oauth]\nredirect_hosts = \"known_clients\"\n").redirect_hosts;

    EXPECT_FALSE(hosts.any);
    EXPECT_TRUE(hosts.known_clients);
    EXPECT_TRUE(settings_of("[oauth]\nredirect_hosts = \"any\"\n").redirect_hosts.any);
    EXPECT_FALSE(settings_of("[oauth]\nredirect_hosts = []\n").redirect_hosts.any);
}

TEST(OAuthSettings, RefuseWhatTheyDoNotKnow) {
    EXPECT_THAT(mistakes_of("[oauth]\nredirect_host = \"any\"\n"), ElementsAre(HasSubstr("redirect_hosts")));
    EXPECT_THAT(mistakes_of("[oauth.registration]\nenable = true\n"), ElementsAre(HasSubstr("enabled")));
    EXPECT_THAT(mistakes_of("[oauth.metadata_documents]\nhosts = []\n"), ElementsAre(HasSubstr("hosts")));
    EXPECT_THAT(mistakes_of("[oauth]\nredirect_hosts = \"all\"\n"), ElementsAre(HasSubstr("known_clients")));
    EXPECT_THAT(mistakes_of("[oauth]\nunused_hours = 0\n"), ElementsAre(HasSubstr("1 to 8760")));
}

TEST(OAuthSettings, RefuseHostsThatAreNone) {
    for (const char* host : {"*", "*.com", "https://soar.example", "soar.example:443", "Soar.example", "a b", "", "soar.example/"}) {
        EXPECT_THAT(mistakes_of(std::string("[oauth]\nredirect_hosts = [\"") + host + "\"]\n"),
                    ElementsAre(HasSubstr("redirect_hosts")))
            << host;
    }
}

TEST(OAuthSettings, RefuseASharedIdThatMeansSomethingElse) {
    for (const char* id : {"dynamic", "https://quell.example/client", "with space"}) {
        EXPECT_THAT(mistakes_of(std::string("[oauth]\nshared_client = \"") + id + "\"\n"),
                    ElementsAre(HasSubstr("shared_client")))
            << id;
    }
}

TEST(OAuthSettings, AllowInsecureLoopbackOnALoopbackListenerOnly) {
    const std::string loopback = "[oauth.metadata_documents]\nallow_insecure_loopback = true\n";
    const std::string open = "[server]\nlisten = \"0.0.0.0:8443\"\npublic_url = \"https://q.example\"\n"
                             "tls_cert = \"c\"\ntls_key = \"k\"\n";

    EXPECT_THAT(mistakes_of(loopback), IsEmpty());
    EXPECT_THAT(mistakes_of(loopback + open), ElementsAre(HasSubstr("allow_insecure_loopback")));
}

}  // namespace
}  // namespace quell::config
