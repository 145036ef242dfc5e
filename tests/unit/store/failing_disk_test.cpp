// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// A disk that is full heals; a disk that fails does not.

#include <errno.h>
#include <gmock/gmock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

#include "store/scratch_store.hpp"

namespace {
std::atomic<bool> syncs_fail = false;
}

// Stands before the C library's: SQLite syncs its log through it.
extern "C" int fdatasync(int descriptor) {
    if (syncs_fail) {
        errno = EIO;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

namespace quell::store {
namespace {

Result<std::int64_t> insert_text(Transaction& transaction, std::size_t size) {
    return transaction.run("INSERT INTO t (text) VALUES (?)", std::string(size, 'x'));
}

// DU-03
TEST(FailingDisk, RefusesWritesWhileItIsFullAndHeals) {
    ScratchStore scratch;
    scratch.run("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT");
    scratch.write([](Transaction& tx) { return insert_text(tx, 10); });
    scratch.run("PRAGMA max_page_count = " + std::to_string(scratch.number("PRAGMA page_count")));

    const auto refused =
        scratch->write_and_wait<std::int64_t>([](Transaction& tx) { return insert_text(tx, 100'000); });

    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error()->key, "store_unavailable");
    EXPECT_THAT(refused.error()->message, testing::HasSubstr("full"));
    EXPECT_TRUE(refused.error()->retryable);
    EXPECT_EQ(scratch.number("SELECT count(*) FROM t"), 1);
    EXPECT_TRUE(scratch->healthy());

    scratch.run("PRAGMA max_page_count = 1000000");
    scratch.write([](Transaction& tx) { return insert_text(tx, 100'000); });
    EXPECT_EQ(scratch.number("SELECT count(*) FROM t"), 2);
}

// DU-04
TEST(FailingDisk, IsNeverTrustedAgainAfterAFailedSync) {
    ScratchStore scratch;
    scratch.run("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT");
    scratch.write([](Transaction& tx) { return insert_text(tx, 10); });

    syncs_fail = true;
    const auto unsynced = scratch->write_and_wait<std::int64_t>([](Transaction& tx) { return insert_text(tx, 20); });
    syncs_fail = false;
    const auto later = scratch->write_and_wait<std::int64_t>([](Transaction& tx) { return insert_text(tx, 30); });
    const auto queued = scratch->write_later([](Transaction&) -> Result<void> { return {}; });

    ASSERT_FALSE(unsynced.has_value());
    EXPECT_EQ(unsynced.error()->key, "store_unavailable");
    ASSERT_FALSE(later.has_value());
    EXPECT_EQ(later.error()->key, "store_unavailable");
    EXPECT_FALSE(queued.has_value());
    EXPECT_FALSE(scratch->healthy());
    EXPECT_EQ(scratch.number("SELECT count(*) FROM t WHERE length(text) = 10"), 1);
    EXPECT_EQ(scratch.number("SELECT count(*) FROM t WHERE length(text) = 30"), 0);
}

// DU-04: an order that was refused must not be carried out by the next start.
TEST(FailingDisk, BringsNothingBackThatWasRefusedBecauseItsSyncFailed) {
    ScratchStore scratch;
    scratch.run("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT");
    scratch.write([](Transaction& tx) { return insert_text(tx, 10); });

    syncs_fail = true;
    const auto refused = scratch->write_and_wait<std::int64_t>([](Transaction& tx) { return insert_text(tx, 20'000); });
    syncs_fail = false;
    scratch.close();
    scratch.open();

    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(scratch.number("SELECT count(*) FROM t WHERE length(text) = 10"), 1);
    EXPECT_EQ(scratch.number("SELECT count(*) FROM t WHERE length(text) = 20000"), 0);
}

}  // namespace
}  // namespace quell::store
