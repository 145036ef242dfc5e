// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// What single settings may say.

#include <gmock/gmock.h>

#include "config/network_names.hpp"
#include "config/settings_directory.hpp"

namespace quell::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Wrong {
    const char* name;
    const char* toml;
    const char* message;
};

class HostSettings : public ::testing::TestWithParam<Wrong> {};

TEST_P(HostSettings, Refuse) {
    EXPECT_THAT(errors_of(GetParam().toml), ElementsAre(HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Wrong, HostSettings,
    ::testing::Values(
        // E23
        Wrong{"PlainListenerOffLoopback",
              "[server]\nlisten = \"0.0.0.0:80\"\npublic_url = \"https://q.example\"",
              "`server.listen` must be a loopback address"},
        // E23
        Wrong{"PlainPublicUrl", "[server]\npublic_url = \"http://quell.example\"", "must be https"},
        // E23
        Wrong{"PlainUrlOfTlsListener",
              "[server]\npublic_url = \"http://localhost\"\ntls_cert = \"c\"\ntls_key = \"k\"",
              "must be https, since"},
        Wrong{"NoPublicUrl",
              "[server]\nlisten = \"0.0.0.0:443\"\ntls_cert = \"c\"\ntls_key = \"k\"",
              "`server.public_url` is missing"},
        Wrong{"CertificateAlone", "[server]\ntls_cert = \"c\"", "belong together"},
        Wrong{"KeyAlone", "[server]\ntls_key = \"k\"", "belong together"},
        Wrong{"ListenWithoutPort", "[server]\nlisten = \"127.0.0.1\"", "must be host:port"},
        Wrong{"PublicUrlWithPath", "[server]\npublic_url = \"https://q.example/x\"",
              "scheme, host and port only"},
        Wrong{"AdminOffLoopback", "[admin]\nlisten = \"0.0.0.0:9443\"",
              "must be a loopback address"},
        Wrong{"OtherStore", "[store]\nurl = \"postgresql://db\"", "no other engine"},
        Wrong{"RelativeStore", "[store]\nurl = \"sqlite:quell.db\"", "absolute path"},
        Wrong{"LiteralKey", "[store]\nkey = \"hunter2\"", "must be a secret reference"},
        Wrong{"OddKey", "[store]\nkey = { fil = \"/x\" }", "must be a secret reference"},
        Wrong{"Signatures", "[plugin_trust]\nrequire = \"both\"", "checks no signatures"},
        Wrong{"Signers", "[plugin_trust]\nkeys = [\"k\"]", "checks no signatures"},
        Wrong{"NoTable", "server = 5", "`server` must be a table; it is an integer"},
        Wrong{"PluginIsNoTable", "[plugins]\njamf = 5", "`plugins.jamf` must be a table"},
        Wrong{"PluginName", "[plugins.\"Bad Name\"]\nlibrary = \"x.so\"", "is not a plugin's id"},
        Wrong{"LibraryWithDirectory", "[plugins.x]\nlibrary = \"../x.so\"", "without a directory"},
        Wrong{"LibraryOfOtherKind", "[plugins.x]\nlibrary = \"x.sh\"", "ends in .so"},
        Wrong{"EmptyLibrary", "[plugins.x]\nlibrary = \"\"", "must not be empty"},
        Wrong{"NulInLibrary", "[plugins.x]\nlibrary = \"x\\u0000.so\"", "NUL"},
        Wrong{"ShortPin", "[plugins.x]\nlibrary = \"x.so\"\nsha256 = \"abc\"",
              "64 lower-case hex digits"},
        Wrong{"EgressOfAnyHost", "[plugins.x]\nlibrary = \"x.so\"\negress = [\"*\"]",
              "must be host:port"},
        Wrong{"EgressIsNoList", "[plugins.x]\nlibrary = \"x.so\"\negress = \"a.b:443\"",
              "an array of strings"},
        Wrong{"EgressOfNumbers", "[plugins.x]\nlibrary = \"x.so\"\negress = [443]", "only strings"},
        Wrong{"TooMuchMemory", "[plugins.x]\nlibrary = \"x.so\"\nlimits = { memory_mb = 1 }",
              "from 16 to 16384; it is 1"},
        Wrong{"NoConcurrency", "[plugins.x]\nlibrary = \"x.so\"\nlimits = { concurrency = 0 }",
              "from 1 to 256"},
        Wrong{"TimeoutWithoutUnit",
              "[plugins.x]\nlibrary = \"x.so\"\nlimits = { call_timeout = \"30\" }",
              "must be a duration"},
        Wrong{"TimeoutTooLong",
              "[plugins.x]\nlibrary = \"x.so\"\nlimits = { call_timeout = \"6m\" }",
              "from \"100ms\" to \"5m\""},
        Wrong{"InsecureOffLoopback",
              "[server]\nlisten = \"0.0.0.0:443\"\npublic_url = \"https://q.example\"\ntls_cert = "
              "\"c\"\n"
              "tls_key = \"k\"\n[plugins.x]\nlibrary = \"x.so\"\nallow_insecure_loopback = true",
              "refused unless `server.listen` is a loopback address too"}),
    [](const auto& instance) { return instance.param.name; });

class TenantFile : public ::testing::TestWithParam<Wrong> {};

TEST_P(TenantFile, Refuses) {
    EXPECT_THAT(errors_of_tenant(GetParam().toml), ElementsAre(HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Wrong, TenantFile,
    ::testing::Values(
        Wrong{"WaitTooLong", "[device_containment]\nwait_seconds = 51",
              "tenants/acme.toml:2:1: `device_containment."
              "wait_seconds` must be an integer from 1 to 50"},
        Wrong{"NoWait", "[session_revocation]\nwait_seconds = 0", "from 1 to 50; it is 0"},
        Wrong{"FractionOfAWait", "[session_revocation]\nwait_seconds = 1.5", "it is a fraction"},
        Wrong{"PollTooLong", "[device_containment]\npoll_hours = 1000", "from 1 to 168"},
        Wrong{"WrittenAsText", "[device_containment]\nenabled = \"true\"",
              "must be true or false; it is a string"},
        Wrong{"PinOfAccounts", "[session_revocation]\npin_in_result = true", "is not a known key"},
        Wrong{"UnknownPlugin", "[connectors.okta]\nplugin = \"okta-session\"",
              "tenants/acme.toml:2:1: `connectors.okta.plugin` names `okta-session`, but "
              "quell.toml has no "
              "[plugins.okta-session]; the nearest one is `okta-sessions`."},
        Wrong{"NoPluginOfTheKey", "[connectors.okta]", "names `okta`"},
        Wrong{"ConnectorName", "[connectors.\"O k\"]\nplugin = \"okta-sessions\"",
              "is not a connector's key"},
        Wrong{"MisplacedSetting", "[connectors.okta-sessions]\nbase_url = \"x\"",
              "is not a known key"},
        Wrong{"SettingsOfOtherKind", "[connectors.okta-sessions]\nsettings = 1", "must be a table"},
        Wrong{"DateInSettings", "[connectors.okta-sessions.settings]\nsince = [2026-01-01]",
              ":2:10: `connectors.okta-sessions.settings`: `/since/0` must be a string"},
        Wrong{"InfinityInSettings", "[connectors.okta-sessions.settings]\nx = inf",
              "`/x` must be a string"},
        Wrong{"UnknownTable", "[conectors.x]", "the nearest one is `connectors`"}),
    [](const auto& instance) { return instance.param.name; });

TEST(HostSettings, AllowSimulatorsOnLoopback) {
    EXPECT_THAT(errors_of("[plugins.x]\nlibrary = \"x.so\"\nallow_insecure_loopback = true\n"),
                IsEmpty());
}

TEST(Egress, TakesHostsAndPorts) {
    for (const char* entry : {"api.example.com:443", "127.0.0.1:8080", "[::1]:8080", "localhost:1",
                              "*.example.com:443"})
        EXPECT_TRUE(check_egress_entry(entry)) << entry;
}

TEST(Egress, RefusesWhatIsTooWideOrMalformed) {
    for (const char* entry : {"*",
                              "*:443",
                              "*.com:443",
                              "**.a.com:443",
                              "a.*.com:443",
                              "a*.b.com:443",
                              "a.com",
                              "a.com:0",
                              "a.com:65536",
                              "a.com:443/x",
                              "https://a.com:443",
                              "A.com:443",
                              "a..com:443",
                              "-a.com:443",
                              "a.com:*",
                              "a.com:0443",
                              ":443",
                              "::1:443",
                              "[::1]",
                              "[x]:443",
                              "1.2.3:443",
                              "0x7f.1:443",
                              "user@a.com:443",
                              "a.com:443 ",
                              "*.1.2:443",
                              ""})
        EXPECT_FALSE(check_egress_entry(entry)) << entry;
}

// E23
TEST(PublicUrl, IsPlainOnLoopbackOnly) {
    for (const char* url : {"https://q.example", "https://q.example:8443", "http://127.0.0.1:8443",
                            "http://localhost", "http://[::1]:1", "https://[2001:db8::1]"})
        EXPECT_TRUE(parse_public_url(url)) << url;
    for (const char* url :
         {"http://q.example", "http://127.0.0.1.example", "http://10.0.0.1", "ftp://localhost",
          "https://", "https:///", "https://a b", "https://a?x", "https://a#x", "https://u@a",
          "https://a:", "https://a:0", "HTTPS://a", "//a", ""})
        EXPECT_FALSE(parse_public_url(url)) << url;
}

TEST(Endpoint, KnowsLoopback) {
    for (const char* endpoint : {"127.0.0.1:1", "127.8.8.8:1", "[::1]:1", "localhost:1"})
        EXPECT_TRUE(is_loopback(parse_endpoint(endpoint).value())) << endpoint;
    for (const char* endpoint :
         {"0.0.0.0:1", "[::]:1", "128.0.0.1:1", "localhost.example:1", "[::ffff:10.0.0.1]:1"})
        EXPECT_FALSE(is_loopback(parse_endpoint(endpoint).value())) << endpoint;
}

TEST(Duration, HasAUnit) {
    EXPECT_EQ(parse_duration("500ms").value(), Millis(500));
    EXPECT_EQ(parse_duration("2m").value(), Millis(120'000));
    for (const char* text :
         {"", "5", "s", "-5s", "5 s", "1.5s", "05s", "99999999999999999999s", "5h"})
        EXPECT_FALSE(parse_duration(text)) << text;
}

}  // namespace
}  // namespace quell::config
