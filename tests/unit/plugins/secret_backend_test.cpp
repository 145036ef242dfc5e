// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// secret_backend/1 from a plugin to the host's types, in both modes.

#include "plugins/secret_backend.hpp"

#include "plugins/plugin_host.hpp"

namespace quell::plugins {
namespace {

using namespace test;
using ::testing::HasSubstr;
using ::testing::Not;

class SecretBackendCalls : public ::testing::TestWithParam<config::Isolation> {
  protected:
    void SetUp() override { host_.start(); }
    Result<SecretContent> read(const std::string& path) {
        return read_secret_and_wait(host_.connector(), {.path = path}, within(std::chrono::seconds(20)));
    }
    PluginHost host_{"keeper", GetParam()};
};

TEST_P(SecretBackendCalls, BringTheValuesBesideTheHead) {
    const auto content = read("good");

    ASSERT_TRUE(content) << content.error()->detail;
    EXPECT_EQ(content->version, 7);
    ASSERT_NE(content->find("password"), nullptr);
    EXPECT_EQ(content->find("user")->reveal(), "alice");
    EXPECT_EQ(content->find("password")->reveal(), "p\nw!");
    EXPECT_EQ(content->find("other"), nullptr);
    EXPECT_FALSE(content->lease);
}

TEST_P(SecretBackendCalls, BringTheLeaseOfADynamicSecret) {
    const auto content = read("dynamic");

    ASSERT_TRUE(content && content->lease);
    EXPECT_EQ(content->lease->id, "lease-1");
    EXPECT_EQ(content->lease->ttl, Millis(60'000));
    EXPECT_TRUE(content->lease->renewable);
}

// PLUGIN-ABI.md 2.3: a value comes through reply_secret or not at all.
TEST_P(SecretBackendCalls, RefuseAValueThatComesInAnyOtherWay) {
    for (const std::string path : {"json", "short", "headless"}) {
        const auto content = read(path);
        EXPECT_EQ(key_of(content), "plugin_bad_result") << path;
        EXPECT_THAT(content.error()->detail, Not(HasSubstr("pw"))) << path;
    }
    EXPECT_EQ(key_of(host_.connector().call_and_wait(kSecretBackend, "list", R"({"path":""})", within(std::chrono::seconds(20)))),
              "plugin_bad_result");
}

TEST_P(SecretBackendCalls, HandAValueInBehindTheHead) {
    std::vector<SecretField> fields;
    fields.push_back({"password", SecretString("n\nw")});
    CallOptions options = within(std::chrono::seconds(20));
    options.read_only = false;
    ASSERT_TRUE(host_.connector().call_and_wait(kSecretBackend, "write", join_document({{"path", "echo"}}, fields), std::move(options)));

    EXPECT_EQ(read("echo")->find("password")->reveal(), "n\nw");
}

TEST_P(SecretBackendCalls, NameAMissingSecretAsSuch) { EXPECT_EQ(key_of(read("nothing")), "secret_not_found"); }

INSTANTIATE_TEST_SUITE_P(Modes, SecretBackendCalls, ::testing::Values(config::Isolation::process, config::Isolation::in_process));

}  // namespace
}  // namespace quell::plugins
