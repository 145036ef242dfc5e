// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "secrets/lease_ender.hpp"

#include "audit/scratch_trail.hpp"
#include "plugins/plugin_host.hpp"

namespace quell::secrets {
namespace {

using namespace std::chrono_literals;

// The plugin `keeper` of tests/plugins ends every lease but the one that is called "down".
class LeaseEnding : public ::testing::Test {
  protected:
    LeaseEnding() { host_.start(); }

    void keep(const std::string& id, std::chrono::seconds until, std::chrono::seconds expires, const std::string& connector = "main") {
        const WallTime now = wall_now();
        ASSERT_TRUE(ender_.keep_and_wait({.tenant = TenantId("acme"),
                                          .connector = ConnectorKey(connector),
                                          .lease_id = id,
                                          .actor = "client:a",
                                          .expires_at = now + expires,
                                          .next_at = now + until}));
    }
    std::vector<store::SecretLeaseRow> kept() {
        return store::must(trail_.store()->read([](store::Reader& reader) {
            return store::list_due_secret_leases(reader, wall_now() + 24h, 100);
        }));
    }
    std::vector<std::string> outcomes() {
        std::vector<std::string> found;
        for (const audit::Entry& entry : store::must(trail_->tail(TenantId("acme"), 100, {.event = "secret_lease_ended"}))) {
            found.push_back(entry.outcome);
        }
        return found;
    }

    plugins::test::PluginHost host_{"keeper", config::Isolation::process};
    audit::ScratchTrail trail_;
    LeaseEnder ender_{*trail_.store(), *trail_, [this] {
                          return std::shared_ptr<plugins::Registry>(std::shared_ptr<void>(), &host_.registry());
                      }};
};

TEST_F(LeaseEnding, EndsALeaseWithItsGrantAndRecordsIt) {
    keep("a", -1s, 3600s);
    keep("b", 3600s, 7200s);

    ender_.end_due();

    ASSERT_EQ(kept().size(), 1U);
    EXPECT_EQ(kept().front().lease_id, "b");
    EXPECT_EQ(outcomes(), std::vector<std::string>{"ok"});
}

TEST_F(LeaseEnding, IsTriedAgainWhileTheBackendCannot) {
    keep("down", -1s, 3600s);

    ender_.end_due();

    ASSERT_EQ(kept().size(), 1U);
    EXPECT_EQ(kept().front().tries, 1);
    EXPECT_GT(kept().front().next_at, wall_now());
    EXPECT_TRUE(outcomes().empty());
}

TEST_F(LeaseEnding, IsTriedAgainWhileTheConnectorIsAway) {
    keep("a", -1s, 3600s, "gone");

    ender_.end_due();

    EXPECT_EQ(kept().size(), 1U);
}

TEST_F(LeaseEnding, IsGivenUpOnceTheLeaseHasEndedByItself) {
    keep("down", -2s, -1s);

    ender_.end_due();

    EXPECT_TRUE(kept().empty());
    EXPECT_EQ(outcomes(), std::vector<std::string>{"expired"});
}

// The promise is in the store, not in the process.
TEST_F(LeaseEnding, SurvivesARestart) {
    keep("a", -1s, 3600s);
    trail_.restart();
    LeaseEnder next(*trail_.store(), *trail_, [this] {
        return std::shared_ptr<plugins::Registry>(std::shared_ptr<void>(), &host_.registry());
    });

    next.end_due();

    EXPECT_TRUE(kept().empty());
}

}  // namespace
}  // namespace quell::secrets
