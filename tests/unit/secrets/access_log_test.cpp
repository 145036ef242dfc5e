// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "secrets/secrets_rig.hpp"

namespace quell::secrets {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

struct Log : testing::Test, SecretsRig {
    Log() {
        add_rule("vsecure://secrets/*", false);
        add_rule("vsecure://secrets/production/*");
        for (const char* name : {"staging/A", "staging/B", "production/A"}) {
            put(name, "canary");
        }
    }
    std::vector<std::string> seen(LogQuery query) {
        std::vector<std::string> out;
        for (const store::AccessRow& row : rows(std::move(query))) {
            out.push_back(row.operation + " " + row.resource.substr(row.resource.find("secrets/") + 8) + (row.success ? "" : " " + row.outcome));
        }
        return out;
    }
};

// A09: one row each, granted or refused.
TEST_F(Log, HasOneRowForEveryRead) {
    Access with_place = access("staging/A");
    with_place.peer = "192.0.2.7";
    with_place.user_agent = "curl";
    ASSERT_TRUE(host.run(secrets.read(with_place)));
    ASSERT_FALSE(read("production/A"));
    ASSERT_FALSE(read("api/../x"));
    LogQuery reads;
    reads.operation = "read";
    EXPECT_THAT(seen(reads), ElementsAre("read production/A approval_required", "read staging/A"));
    const store::AccessRow row = rows(reads).back();
    EXPECT_THAT(row.id, testing::MatchesRegex("log_[0-9a-f]{32}"));
    EXPECT_EQ(row.peer, "192.0.2.7");
    EXPECT_EQ(row.user_agent, "curl");
    EXPECT_EQ(row.actor, agent.id);
}

// L05: asked, decided, read.
TEST_F(Log, TellsTheWholeStory) {
    const std::string id = approved("production/A");
    ASSERT_TRUE(read("production/A"));
    LogQuery about;
    about.resource = "production/*";
    // What happens within one millisecond has no order.
    EXPECT_THAT(seen(about), UnorderedElementsAre("read production/A", "granted production/A", "read production/A approval_required",
                                                  "requested production/A", "write production/A"));
    EXPECT_EQ(rows(about).front().approval_id, id);
}

// L24, A15
TEST_F(Log, FiltersCombine) {
    host.now += 25h;
    ASSERT_TRUE(read("staging/A"));
    ASSERT_TRUE(read("staging/B"));
    LogQuery query;
    query.since = "24h";
    query.resource = "staging/A";
    EXPECT_THAT(seen(query), ElementsAre("read staging/A"));
    query.since = to_rfc3339(host.now - 26h);
    EXPECT_THAT(seen(query), ElementsAre("read staging/A", "write staging/A"));
    query.since = "yesterday";
    EXPECT_EQ(key_of(log.list(TenantId("acme"), query)), "invalid_arguments");
    query.since = {};
    query.resource = "../x";
    EXPECT_EQ(key_of(log.list(TenantId("acme"), query)), "invalid_arguments");
}

TEST_F(Log, GoesOnWithACursorAndEnds) {
    for (int i = 0; i < 5; ++i) {
        host.now += 1s;
        ASSERT_TRUE(read("staging/A"));
    }
    LogQuery query;
    query.operation = "read";
    query.limit = 2;
    std::size_t count = 0, pages = 0;
    do {
        const LogPage page = log.list(TenantId("acme"), query).value();
        count += page.rows.size();
        query.cursor = page.cursor;
        ++pages;
    } while (!query.cursor.empty());
    EXPECT_EQ(count, 5U);
    EXPECT_EQ(pages, 3U);
    query.cursor = "!";
    EXPECT_EQ(key_of(log.list(TenantId("acme"), query)), "invalid_arguments");
}

// L25
TEST_F(Log, CountsWhatItLists) {
    for (const char* name : {"staging/A", "staging/A", "staging/B"}) {
        ASSERT_TRUE(read(name));
    }
    LogQuery week;
    week.since = "7d";
    week.operation = "read";
    const auto groups = log.group(TenantId("acme"), week, "resource").value();
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups[0].value, "vsecure://secrets/staging/A");
    EXPECT_EQ(groups[0].count, 2);
    EXPECT_EQ(groups[1].count, 1);
    std::int64_t sum = 0;
    for (const Group& group : groups) {
        sum += group.count;
    }
    EXPECT_EQ(static_cast<std::size_t>(sum), rows(week).size());
    EXPECT_EQ(key_of(log.group(TenantId("acme"), week, "colour")), "invalid_arguments");
}

// L29
TEST_F(Log, MeasuresAccessWithinAPeriod) {
    host.now += 2h;
    ASSERT_TRUE(read("staging/A"));
    ASSERT_FALSE(read("production/A"));
    EXPECT_EQ(log.metric(TenantId("acme"), "access_count", 1h, "").value(), 1);
    EXPECT_EQ(log.metric(TenantId("acme"), "access_count", 3h, "").value(), 4);
    EXPECT_EQ(log.metric(TenantId("acme"), "access_count", 3h, "production/*").value(), 1);
    EXPECT_EQ(key_of(log.metric(TenantId("acme"), "heartbeats", 1h, "")), "invalid_arguments");
}

TEST_F(Log, StaysInItsTenant) {
    EXPECT_TRUE(log.list(TenantId("globex"), {})->rows.empty());
    EXPECT_EQ(log.metric(TenantId("globex"), "access_count", 3h, "").value(), 0);
}

// L30
TEST_F(Log, RingsOncePerWindow) {
    std::vector<std::string> rung;
    log.on_alarm([&](store::Transaction&, const Alarm& alarm) -> Result<void> {
        rung.push_back(alarm.name);
        return {};
    });
    tenant->secrets.alerts = {{.name = "staging", .resource = ResourcePattern::parse("vsecure://secrets/staging/*").value(), .period = 1h,
                               .threshold = 2}};
    host.now = from_unix_millis(1'800'003'600'000 / 3'600'000 * 3'600'000);
    const auto read_times = [&](int times) {
        for (int i = 0; i < times; ++i) {
            ASSERT_TRUE(read("staging/A"));
        }
    };
    ASSERT_FALSE(read("production/A"));
    read_times(2);
    EXPECT_TRUE(rung.empty());
    read_times(3);
    EXPECT_THAT(rung, ElementsAre("staging"));
    host.now += 1h;
    read_times(2);
    EXPECT_EQ(rung.size(), 1U);
    read_times(1);
    EXPECT_EQ(rung.size(), 2U);
    EXPECT_EQ(events("secret_alert"), 2U);
}

// LG-02
TEST_F(Log, HoldsNoValueAndNeitherDoesTheTrail) {
    approved("production/A");
    ASSERT_TRUE(read("production/A"));
    const auto entries = host.trail.tail(TenantId("acme"), 1000).value();
    for (const audit::Entry& entry : entries) {
        EXPECT_THAT(entry.detail + entry.outcome, testing::Not(testing::HasSubstr("canary")));
    }
    EXPECT_THAT(metrics.text(), testing::Not(testing::HasSubstr("canary")));
}

}  // namespace
}  // namespace quell::secrets
