// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "audit/trail.hpp"

#include <gmock/gmock.h>

#include <future>
#include <thread>

#include "audit/scratch_trail.hpp"

namespace quell::audit {
namespace {

using store::must;

std::vector<std::string> events(ScratchTrail& trail, const char* tenant, const Filter& filter = {},
                                std::size_t count = 100) {
    std::vector<std::string> names;
    for (const Entry& entry : must(trail->tail(TenantId(tenant), count, filter))) {
        names.push_back(entry.event);
    }
    return names;
}

TEST(Trail, KeepsAChainForEachTenantAndOneForTheHost) {
    ScratchTrail trail;
    must(trail.append(record_of("acme", "one")));
    must(trail.append(record_of("beta", "two")));
    must(trail.append(record_of("acme", "three")));
    must(trail.append(record_of("", "four")));

    EXPECT_THAT(events(trail, "acme"), testing::ElementsAre("one", "three"));
    EXPECT_THAT(events(trail, "beta"), testing::ElementsAre("two"));
    EXPECT_THAT(events(trail, ""), testing::ElementsAre("audit_chain_started", "audit_chain_started", "four"));
    const auto acme = must(trail->tail(TenantId("acme"), 2));
    EXPECT_EQ(acme[0].seq, 1);
    EXPECT_EQ(acme[1].prev_hash, acme[0].hash);
    EXPECT_EQ(trail.flaw(), "");
}

TEST(Trail, GoesOnAfterARestart) {
    ScratchTrail trail;
    must(trail.append(record_of("acme")));
    trail.restart();
    must(trail.append(record_of("acme")));

    EXPECT_EQ(must(trail->tail(TenantId("acme"), 1))[0].seq, 2);
    EXPECT_EQ(trail.flaw(), "");
}

TEST(Trail, GivesTheNewestThatMatchOldestFirst) {
    ScratchTrail trail;
    must(trail.append(record_of("acme", "one", "user:a")));
    must(trail.append(record_of("acme", "two", "user:b")));
    must(trail.append(record_of("acme", "one", "user:b")));

    EXPECT_THAT(events(trail, "acme", {}, 2), testing::ElementsAre("two", "one"));
    EXPECT_THAT(events(trail, "acme", {.actor = "user:b"}), testing::ElementsAre("two", "one"));
    EXPECT_THAT(events(trail, "acme", {.event = "one", .actor = "user:a"}), testing::ElementsAre("one"));
    EXPECT_THAT(events(trail, "acme", {.request_id = "r-2"}), testing::IsEmpty());
    EXPECT_THAT(events(trail, "acme", {.since = wall_now() + std::chrono::hours(1)}), testing::IsEmpty());
    EXPECT_THAT(events(trail, "acme", {.since = wall_now() - std::chrono::hours(1)}), testing::SizeIs(3));
}

TEST(Trail, IsUndoneWithItsJobAndGoesOnWithoutAGap) {
    ScratchTrail trail;
    must(trail.append(record_of("acme", "kept")));
    for (int i = 0; i < 3; ++i) {
        const auto failed = (*trail.store()).write_and_wait<void>([&](store::Transaction& tx) -> Result<void> {
            TRY_VOID(trail->append(tx, record_of("acme", "undone")));
            TRY_VOID(trail->append(tx, record_of("fresh", "undone")));  // a chain that begins and is undone
            return invalid_arguments("no");
        });
        EXPECT_FALSE(failed.has_value());
    }
    must(trail.append(record_of("acme", "kept")));

    EXPECT_EQ(must(trail->tail(TenantId("acme"), 1))[0].seq, 2);
    EXPECT_EQ(trail.flaw(), "");
    must(trail.append(record_of("fresh", "kept")));
    EXPECT_EQ(trail.flaw(), "");
}

TEST(Trail, StaysSoundWhenJobsOfOneGroupFail) {
    ScratchTrail trail;
    std::vector<std::future<void>> callers;
    for (int caller = 0; caller < 8; ++caller) {
        callers.push_back(std::async(std::launch::async, [&trail, caller] {
            for (int i = 0; i < 50; ++i) {
                const auto result =
                    (*trail.store()).write_and_wait<void>([&](store::Transaction& tx) -> Result<void> {
                        TRY_VOID(trail->append(tx, record_of(caller % 2 == 0 ? "acme" : "beta")));
                        if ((i + caller) % 3 == 0) {
                            return invalid_arguments("no");
                        }
                        return {};
                    });
                EXPECT_EQ(result.has_value(), (i + caller) % 3 != 0);
            }
        }));
    }
    for (auto& caller : callers) {
        caller.get();
    }

    EXPECT_EQ(trail.flaw(), "");
    EXPECT_GT(must(trail->tail(TenantId("acme"), 1))[0].seq, 100);
}

// Refuses one commit, so that the group is lost after the heads have moved.
class Refuser : public store::Participant {
  public:
    void job_kept() override {}
    void job_undone() override {}
    Result<void> before_commit(store::Transaction&) override {
        return std::exchange(refuse, false) ? Result<void>(internal_error("refused")) : Result<void>();
    }
    void committed() override {}
    void spoilt() override {}
    void rolled_back() override {}

    bool refuse = false;
};

TEST(Trail, IsRightAfterALostGroup) {
    ScratchTrail trail;
    const auto refuser = std::make_shared<Refuser>();
    trail.store()->add_participant(refuser);
    must(trail.append(record_of("acme", "kept")));
    refuser->refuse = true;

    EXPECT_FALSE(trail.append(record_of("acme", "lost")).has_value());
    must(trail.append(record_of("acme", "kept")));

    EXPECT_THAT(events(trail, "acme"), testing::ElementsAre("kept", "kept"));
    EXPECT_EQ(trail.flaw(), "");
}

TEST(Trail, TakesQueuedRecords) {
    ScratchTrail trail;
    for (int i = 0; i < 100; ++i) {
        must(trail->append_later(record_of("acme")));
    }
    trail.restart();  // closing runs what is queued

    EXPECT_THAT(events(trail, "acme"), testing::SizeIs(100));
    EXPECT_EQ(trail.flaw(), "");
}

// No audit, no action: a trail that cannot go on fails the whole job.
TEST(Trail, FailsTheJobItCannotRecord) {
    ScratchTrail trail;
    must(trail.append(record_of("acme")));
    trail.store().run("CREATE TABLE deeds (id INTEGER) STRICT");
    trail.tamper("UPDATE audit_heads SET seq = 7 WHERE chain = 'acme'");

    const auto refused = (*trail.store()).write_and_wait<void>([&](store::Transaction& tx) -> Result<void> {
        TRY_VOID(tx.run("INSERT INTO deeds VALUES (1)"));
        return trail->append(tx, record_of("acme"));
    });

    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error()->key, "audit_unavailable");
    EXPECT_EQ(trail.store().number("SELECT count(*) FROM deeds"), 0);
    EXPECT_TRUE(trail.append(record_of("beta")).has_value());
}

TEST(Trail, WillNotAnchorAForgedHead) {
    ScratchTrail trail;
    must(trail.append(record_of("acme")));
    must(trail.append(record_of("acme")));
    trail.tamper("DELETE FROM audit WHERE chain = 'acme' AND seq = 2;"
                 "UPDATE audit_heads SET seq = 1, hash = (SELECT hash FROM audit WHERE chain = 'acme' AND seq = 1)"
                 " WHERE chain = 'acme'");

    EXPECT_FALSE(trail.append(record_of("acme")).has_value());
}

TEST(EntryDocument, KeepsTextAsItIs) {
    ScratchTrail trail;
    Record record = record_of("acme", "tried", "user:\x1b[2J\r\nforged");
    record.detail["reason"] = "a\u202Eb \x7f \"quoted\"";
    must(trail.append(record));

    const json::Object document = to_document(must(trail->tail(TenantId("acme"), 1))[0]);

    EXPECT_EQ(json::text(document.at("actor")), record.actor);
    EXPECT_EQ(json::text(document.at("detail").as_object().at("reason")), "a\u202Eb \x7f \"quoted\"");
    EXPECT_EQ(trail.flaw(), "");
}

TEST(EntryDocument, ShowsADamagedRow) {
    Entry entry;
    entry.detail = "{no json";
    entry.actor = "\xFF\xFE";

    const json::Object document = to_document(entry);

    EXPECT_EQ(json::text(document.at("chain")), "host");
    EXPECT_EQ(json::text(document.at("detail")), "{no json");
    EXPECT_EQ(json::text(document.at("actor")), "base64://4=");
}

// DU-08: an attacker who removes a chain and lets the host begin another one
TEST(Trail, NeverBeginsAChainAnewThatIsGone) {
    ScratchTrail trail;
    must(trail.append(record_of("acme")));
    must(trail.append(record_of("beta")));
    trail.tamper("DELETE FROM audit WHERE chain = 'acme'; DELETE FROM audit_heads WHERE chain = 'acme'");

    const auto appended = trail.append(record_of("acme"));

    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error()->key, "audit_unavailable");
    EXPECT_TRUE(trail.append(record_of("beta")));
    EXPECT_EQ(trail.flaw(), "acme@1: the whole chain is missing");
}

// DU-08: every chain removed; the store holds what only audited changes bring
TEST(Trail, RefusesToGoOnWhenAllOfItIsGone) {
    ScratchTrail trail;
    must(trail.append(record_of("acme")));
    trail.tamper("INSERT INTO users (id, email, password_hash, state, created_at) VALUES ('u', 'a@b.example', 'x', 'active', 0);"
                 "DELETE FROM audit; DELETE FROM audit_heads");

    EXPECT_EQ(trail.flaw(), "@1: the whole trail is missing");
    EXPECT_FALSE(trail.append(record_of("acme")));
    EXPECT_FALSE(trail.append(record_of("")));
}

}  // namespace
}  // namespace quell::audit
