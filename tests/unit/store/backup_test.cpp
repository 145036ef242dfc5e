// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/backup.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "store/restore.hpp"
#include "store/scratch_store.hpp"

namespace quell::store {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_bytes(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

std::int64_t rows_in(const fs::path& path) {
    const auto store = must(Store::open({.path = path}));
    return must(store->read([](Reader& reader) -> Result<std::int64_t> {
        TRY(const auto count,
            reader.row<std::int64_t>("SELECT count(*) FROM t", [](const Row& row) { return row.integer(0); }));
        return count.value_or(-1);
    }));
}

class BackupTest : public ::testing::Test {
  protected:
    BackupTest() { scratch_.run("CREATE TABLE t (id INTEGER PRIMARY KEY, pair INTEGER) STRICT"); }

    void add() { scratch_.run("INSERT INTO t (pair) VALUES (1), (2)"); }
    // Restores from `backup`; the name that the old file got.
    std::optional<fs::path> restore(const fs::path& backup) {
        const auto restoring = must(Restore::begin(scratch_.path(), backup));
        return must(restoring->put_in_place());
    }

    ScratchStore scratch_;
    ScratchDirectory elsewhere_;
    const fs::path backup_ = elsewhere_ / "backup.db";
};

TEST_F(BackupTest, IsOneFileForTheOwnerAlone) {
    add();
    const std::uint64_t bytes = must(back_up(scratch_.path(), backup_));

    struct stat info {};
    ASSERT_EQ(::stat(backup_.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
    EXPECT_EQ(static_cast<std::uint64_t>(info.st_size), bytes);
    EXPECT_EQ(std::distance(fs::directory_iterator(backup_.parent_path()), {}), 1);
    EXPECT_EQ(rows_in(backup_), 2);
}

TEST_F(BackupTest, NeverReplacesAFile) {
    write_bytes(backup_, "mine");
    const auto refused = back_up(scratch_.path(), backup_);

    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error()->code, Code::already_exists);
    EXPECT_EQ(bytes_of(backup_), "mine");
}

TEST_F(BackupTest, IntoAFolderThatIsNotThereIsRefused) {
    const auto refused = back_up(scratch_.path(), elsewhere_ / "absent" / "backup.db");

    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error()->code, Code::failed_precondition);
}

// DU-07: each write adds two rows, so an odd number would be half of one.
TEST_F(BackupTest, HoldsOneMomentOfAStoreThatIsWritten) {
    std::atomic<bool> enough = false;
    std::thread writer([&] {
        while (!enough) {
            add();
        }
    });
    for (int i = 0; i < 5; ++i) {
        const fs::path target = backup_.native() + std::to_string(i);
        const std::int64_t before = scratch_.number("SELECT count(*) FROM t");
        must(back_up(scratch_.path(), target));

        const std::int64_t copied = rows_in(target);
        EXPECT_EQ(copied % 2, 0);
        EXPECT_GE(copied, before) << "what was acknowledged before is in the copy";
    }
    enough = true;
    writer.join();
}

TEST_F(BackupTest, IsPutBackAndTheOldFileIsKept) {
    add();
    must(back_up(scratch_.path(), backup_));
    add();
    scratch_.close();

    const auto aside = restore(backup_);

    ASSERT_TRUE(aside.has_value());
    EXPECT_EQ(rows_in(*aside), 4);
    EXPECT_EQ(rows_in(scratch_.path()), 2);
}

// DU-05
TEST_F(BackupTest, TakesThePlaceOfADamagedFileWithItsLog) {
    add();
    must(back_up(scratch_.path(), backup_));
    scratch_.close();
    write_bytes(scratch_.path(), "no database");
    write_bytes(scratch_.path().native() + "-wal", "a log of something else");

    const auto aside = restore(backup_);

    EXPECT_EQ(bytes_of(*aside), "no database");
    EXPECT_EQ(bytes_of(aside->native() + "-wal"), "a log of something else");
    EXPECT_EQ(rows_in(scratch_.path()), 2);
}

TEST_F(BackupTest, IsNotPutIntoAStoreThatIsUsed) {
    must(back_up(scratch_.path(), backup_));

    EXPECT_FALSE(Restore::begin(scratch_.path(), backup_).has_value());
}

TEST_F(BackupTest, WithALogBesideItIsNotRestored) {
    must(back_up(scratch_.path(), backup_));
    write_bytes(backup_.native() + "-wal", "x");
    scratch_.close();

    EXPECT_FALSE(Restore::begin(scratch_.path(), backup_).has_value());
}

// DU-05: a crash between the two renames leaves no file at all; that must not become an empty store.
TEST_F(BackupTest, HalfRestoredIsNoNewInstallation) {
    must(back_up(scratch_.path(), backup_));
    scratch_.close();
    const fs::path copy = scratch_.path().native() + std::string(kRestoringSuffix);
    fs::copy_file(backup_, copy);
    fs::remove(scratch_.path());

    EXPECT_FALSE(Store::open({.path = scratch_.path()}).has_value());
    EXPECT_FALSE(fs::exists(scratch_.path()));

    restore(backup_);
    EXPECT_EQ(rows_in(scratch_.path()), 0);
}

// DU-05: nor after another restore that came to nothing
TEST_F(BackupTest, HalfRestoredStaysSoUntilARestoreIsDone) {
    must(back_up(scratch_.path(), backup_));
    scratch_.close();
    fs::rename(scratch_.path(), scratch_.path().native() + std::string(kRestoringSuffix));

    EXPECT_FALSE(Restore::begin(scratch_.path(), elsewhere_ / "absent.db").has_value());
    EXPECT_FALSE(Store::open({.path = scratch_.path()}).has_value());
    { const auto abandoned = must(Restore::begin(scratch_.path(), backup_)); }
    EXPECT_FALSE(Store::open({.path = scratch_.path()}).has_value());
}

TEST_F(BackupTest, AbandonedWhereThereIsNoStoreLeavesNothing) {
    must(back_up(scratch_.path(), backup_));
    const fs::path store = elsewhere_ / "new.db";
    { const auto abandoned = must(Restore::begin(store, backup_)); }

    EXPECT_FALSE(fs::exists(store.native() + std::string(kRestoringSuffix)));
    EXPECT_TRUE(Store::open({.path = store}).has_value());
}

TEST_F(BackupTest, AbandonedLeavesTheStoreAsItWas) {
    add();
    must(back_up(scratch_.path(), backup_));
    add();
    scratch_.close();
    { const auto abandoned = must(Restore::begin(scratch_.path(), backup_)); }

    EXPECT_EQ(rows_in(scratch_.path()), 4);
}

}  // namespace
}  // namespace quell::store
