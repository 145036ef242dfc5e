// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "store/scratch_store.hpp"

namespace quell::store {
namespace {

Result<std::int64_t> count(Reader& reader) {
    TRY(const auto value,
        reader.row<std::int64_t>("SELECT count(*) FROM t", [](const Row& row) { return row.integer(0); }));
    return value.value_or(-1);
}

class ReaderTest : public testing::Test {
  protected:
    ReaderTest() { scratch_.run("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT, bytes BLOB) STRICT"); }
    ScratchStore scratch_;
};

TEST_F(ReaderTest, SeesACommittedWriteAtOnce) {
    for (int i = 1; i <= 50; ++i) {
        scratch_.run("INSERT INTO t DEFAULT VALUES");
        ASSERT_EQ(scratch_.read(count), i);
    }
}

TEST_F(ReaderTest, CannotWrite) {
    const auto refused = scratch_->read([](Reader& reader) {
        return reader.each("INSERT INTO t DEFAULT VALUES", [](const Row&) { return Result<void>(); });
    });

    EXPECT_FALSE(refused.has_value());
    EXPECT_EQ(scratch_.read(count), 0);
}

TEST_F(ReaderTest, GivesBackWhatWasBound) {
    const std::string text("a\0b\xC3\xA9", 5);
    Digest digest{};
    digest[0] = 1;
    scratch_.write([&](Transaction& tx) { return tx.run("INSERT INTO t VALUES (?, ?, ?)", 1, text, digest); });
    scratch_.write([&](Transaction& tx) {
        return tx.run("INSERT INTO t VALUES (?, ?, ?)", std::int64_t{1} << 40, "", std::optional<Digest>());
    });

    const auto read = [&](Reader& reader) -> Result<std::vector<bool>> {
        return reader.rows<bool>("SELECT id, text, bytes FROM t ORDER BY id", [&](const Row& row) {
            return row.integer(0) == 1 ? row.text(1) == text && row.digest(2) == digest
                                       : row.integer(0) == std::int64_t{1} << 40 && !row.is_null(1) &&
                                             row.text(1).empty() && !row.optional_digest(2);
        });
    };
    EXPECT_THAT(scratch_.read(read), testing::ElementsAre(true, true));
}

TEST_F(ReaderTest, RefusesAStatementWithTooFewValues) {
    const auto refused = scratch_->read([](Reader& reader) {
        return reader.row<bool>("SELECT 1 FROM t WHERE id = ? AND text = ?", [](const Row&) { return true; }, 1);
    });
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error()->key, "internal_error");
}

TEST_F(ReaderTest, MayUseAStatementInsideItself) {
    scratch_.run("INSERT INTO t (id) VALUES (1), (2), (3)");
    const std::string sql = "SELECT id FROM t ORDER BY id";

    const auto pairs = scratch_.read([&](Reader& reader) -> Result<int> {
        int found = 0;
        TRY_VOID(reader.each(sql, [&](const Row&) -> Result<void> {
            return reader.each(sql, [&](const Row&) -> Result<void> {
                ++found;
                return {};
            });
        }));
        return found;
    });

    EXPECT_EQ(pairs, 9);
}

TEST_F(ReaderTest, SnapshotsSeeOneState) {
    const auto counts = must(scratch_->read_snapshot([&](Reader& reader) -> Result<std::pair<std::int64_t, std::int64_t>> {
        TRY(const auto before, count(reader));
        scratch_.run("INSERT INTO t DEFAULT VALUES");
        TRY(const auto after, count(reader));
        return std::pair(before, after);
    }));

    EXPECT_EQ(counts.first, counts.second);
    EXPECT_EQ(scratch_.read(count), 1);
}

TEST_F(ReaderTest, BelongsToItsStoreAndThread) {
    ScratchStore other;
    other.run("CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT");
    other.run("INSERT INTO t DEFAULT VALUES");
    EXPECT_EQ(scratch_.read(count), 0);
    EXPECT_EQ(other.read(count), 1);

    scratch_.close();
    scratch_.open();

    EXPECT_EQ(scratch_.read(count), 0);
    EXPECT_EQ(other.read(count), 1);
}

TEST_F(ReaderTest, WorksOnManyThreadsBesideTheWriter) {
    std::atomic<bool> sound = true;
    for (int round = 0; round < 3; ++round) {  // later threads take over the connections of earlier ones
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                std::int64_t last = 0;
                for (int n = 0; n < 200; ++n) {
                    const auto seen = scratch_->read(count);
                    sound = sound && seen && *seen >= last;
                    last = seen.value_or(last);
                }
            });
        }
        for (int i = 0; i < 50; ++i) {
            scratch_.run("INSERT INTO t DEFAULT VALUES");
        }
        for (auto& thread : threads) {
            thread.join();
        }
    }
    EXPECT_TRUE(sound);
    EXPECT_EQ(scratch_.read(count), 150);
}

}  // namespace
}  // namespace quell::store
