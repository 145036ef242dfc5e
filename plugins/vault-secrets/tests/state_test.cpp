// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "vault_test.hpp"

namespace vault_secrets {
namespace {

using quell::Status;
using ::testing::HasSubstr;

class VaultState : public VaultTest {
  protected:
    nlohmann::json check() { return plugin_->call("health/1", "check", "{}").reply; }
};

TEST_F(VaultState, IsToldWithTheNextStep) {
    const struct {
        std::string body;
        const char* word;
        const char* step;
    } states[] = {{health(true, true, true), "sealed", "unseal"},
                  {health(false, true, true), "not initialised", "operator init"},
                  {health(true, false, true), "standby", "active"}};
    for (const auto& state : states) {
        expect_read().reply(503, R"({"errors":["Vault is sealed"]})");
        expect_health().reply(200, state.body);

        const auto answer = read();

        EXPECT_EQ(answer.status(), Status::unavailable);
        EXPECT_THAT(message(answer), HasSubstr(state.word));
        EXPECT_THAT(message(answer), HasSubstr(state.step));
    }
}

TEST_F(VaultState, IsReadFromTheStatusWhereTheBodyDoesNotTell) {
    const std::pair<int, const char*> states[] = {
        {503, "sealed"}, {501, "not initialised"}, {429, "standby"}, {472, "disaster recovery"}, {473, "performance standby"}};
    for (const auto& [status, word] : states) {
        expect_health().reply(status, "");
        const auto report = check();
        EXPECT_EQ(report["healthy"], false);
        EXPECT_THAT(report["checks"][0]["message"].get<std::string>(), HasSubstr(word));
    }
}

TEST_F(VaultState, ExplainsALoginThatFailed) {
    expect_read().fail(quell::unavailable("The token endpoint refused."));
    expect_health().reply(200, health(true, true, true));

    EXPECT_THAT(message(read()), HasSubstr("sealed"));
}

TEST_F(VaultState, LeavesARefusedLoginAsItIs) {
    expect_read().fail(quell::Error{Status::unauthenticated, "role_id, secret_id"});
    expect_health().reply(200, health(true, false, false));

    const auto answer = read();

    EXPECT_EQ(answer.status(), Status::unauthenticated);
    EXPECT_THAT(message(answer), HasSubstr("secret_id"));
}

// PROVIDERS.md 6: a standby may redirect; it is not followed.
TEST_F(VaultState, NamesAStandbyThatRedirects) {
    expect_read().reply(307, "", {{"location", "https://elsewhere.example/v1/secret"}});
    expect_health().reply(429, "");

    EXPECT_THAT(message(read()), HasSubstr("standby"));
}

TEST_F(VaultState, IsNotAskedOnceTheCallerHasGone) {
    expect_read().fail(quell::Error{Status::deadline_exceeded, "late"});

    EXPECT_EQ(read().status(), Status::deadline_exceeded);
}

TEST_F(VaultState, IsWellWhenTheLoginWorks) {
    expect_health().with_query("sealedcode", "200").reply(200, health(true, false, false));
    host_.expect("GET", "/v1/auth/token/lookup-self").reply(200, R"({"data":{"ttl":3600}})");

    EXPECT_EQ(check()["healthy"], true);
    EXPECT_EQ(host_.requests().front().auth, "");
    EXPECT_EQ(host_.requests().back().auth, "approle");
}

TEST_F(VaultState, NamesADeadToken) {
    expect_health().reply(200, health(true, false, false));
    host_.expect("GET", "/v1/auth/token/lookup-self").reply(403, "{}");

    const auto report = check();

    EXPECT_EQ(report["healthy"], false);
    EXPECT_EQ(report["checks"][1]["name"], "token");
}

TEST(VaultSettings, ChooseTheLogin) {
    const std::pair<const char*, const char*> logins[] = {{R"("role_id":"r")", "approle"},
                                                          {R"("jwt_role":"r")", "jwt"},
                                                          {R"("kubernetes_role":"r")", "kubernetes"},
                                                          {R"("namespace":"n")", "token"}};
    for (const auto& [setting, profile] : logins) {
        quell::testing::FakeHost host;
        const auto plugin = host.create(quell_plugin_entry, R"({"base_url":"https://v.example",)" + std::string(setting) + "}");
        host.expect("GET", "/v1/secret/data/a").reply(404, "{}");
        (void)plugin->call(kBackend, "read", R"({"path":"secret/a"})");
        EXPECT_EQ(host.requests().back().auth, profile);
    }
}

}  // namespace
}  // namespace vault_secrets
