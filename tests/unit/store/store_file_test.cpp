// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/store_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <random>

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

Error refusal(const fs::path& path) {
    auto opened = Store::open({.path = path});
    if (opened) {
        throw std::runtime_error("the store was opened");
    }
    return opened.error();
}

void fill(ScratchStore& scratch, int rows) {
    scratch.run("CREATE TABLE filling (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT");
    for (int i = 0; i < rows; ++i) {
        scratch.run("INSERT INTO filling (text) VALUES (hex(randomblob(1000)))");
    }
}

TEST(StoreFile, IsMadeForTheOwnerAlone) {
    ScratchStore scratch;
    scratch.run("CREATE TABLE t (id INTEGER) STRICT");

    for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
        struct stat info {};
        ASSERT_EQ(::stat((scratch.path().native() + suffix).c_str(), &info), 0) << suffix;
        EXPECT_EQ(info.st_mode & 0777U, 0600U) << suffix;
    }
}

TEST(StoreFile, TightensTheModeOfACopy) {
    ScratchStore scratch;
    scratch.close();
    ASSERT_EQ(::chmod(scratch.path().c_str(), 0644), 0);

    scratch.open();

    struct stat info {};
    ASSERT_EQ(::stat(scratch.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST(StoreFile, RefusesASecondOpenerUntilTheFirstGoes) {
    ScratchStore scratch;

    const Error error = refusal(scratch.path());

    EXPECT_EQ(error->code, Code::failed_precondition);
    EXPECT_EQ(error->key, "store_unavailable");
    EXPECT_THAT(error->message, testing::HasSubstr("Another Quell process"));
    scratch.close();
    EXPECT_TRUE(Store::open({.path = scratch.path()}).has_value());
}

TEST(StoreFile, RefusesAMissingDirectory) {
    const ScratchDirectory directory;
    EXPECT_EQ(refusal(directory / "nowhere/quell.db")->code, Code::failed_precondition);
}

TEST(StoreFile, RefusesASymbolicLinkAndADirectory) {
    ScratchStore scratch;
    scratch.close();
    const ScratchDirectory other;
    fs::create_symlink(scratch.path(), other / "link.db");
    fs::create_directory(other / "directory.db");

    EXPECT_EQ(refusal(other / "link.db")->code, Code::failed_precondition);
    EXPECT_EQ(refusal(other / "directory.db")->code, Code::failed_precondition);
}

TEST(StoreFile, KnowsNetworkFileSystems) {
    for (const long type : {0x6969L, 0xFF534D42L, 0xFE534D42L, 0x517BL, 0x01021997L, 0x65735546L, 0x00C36400L}) {
        EXPECT_TRUE(is_network_file_system(type)) << std::hex << type;
    }
    for (const long type : {0xEF53L, 0x58465342L, 0x9123683EL, 0x01021994L, 0x794C7630L}) {  // ext4 xfs btrfs tmpfs overlay
        EXPECT_FALSE(is_network_file_system(type)) << std::hex << type;
    }
}

// DU-05
TEST(StoreFile, RefusesATruncatedFileAndLeavesItAsItIs) {
    ScratchStore scratch;
    fill(scratch, 200);
    scratch.close();
    const std::string whole = bytes_of(scratch.path());

    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{50}, std::size_t{100}, std::size_t{4096},
                                   whole.size() / 2, whole.size() - 4096, whole.size() - 1}) {
        write_bytes(scratch.path(), whole.substr(0, size));

        const Error error = refusal(scratch.path());

        EXPECT_EQ(error->code, Code::data_loss) << size;
        EXPECT_THAT(error->next_step, testing::HasSubstr("a backup")) << size;
        EXPECT_EQ(bytes_of(scratch.path()), whole.substr(0, size)) << size;
    }
}

// DU-05
TEST(StoreFile, RefusesRandomBytes) {
    ScratchStore scratch;
    fill(scratch, 200);
    scratch.close();
    const std::string whole = bytes_of(scratch.path());
    std::mt19937 random(1);

    for (const std::size_t from : {std::size_t{0}, std::size_t{4096}, std::size_t{40'960}}) {
        std::string damaged = whole;
        for (std::size_t i = from; i < from + 4096; ++i) {
            damaged[i] = static_cast<char>(random());
        }
        write_bytes(scratch.path(), damaged);

        EXPECT_EQ(refusal(scratch.path())->code, Code::data_loss) << from;
        EXPECT_EQ(bytes_of(scratch.path()), damaged) << from;
    }
}

// DU-05: the log alone is what is left of a store, not a reason for a new one.
TEST(StoreFile, RefusesToStartAnewBesideALog) {
    ScratchStore scratch;
    scratch.close();
    fs::remove(scratch.path());
    write_bytes(scratch.path().native() + "-wal", "frames");

    EXPECT_EQ(refusal(scratch.path())->code, Code::data_loss);
    EXPECT_FALSE(fs::exists(scratch.path()));
}

TEST(StoreFile, ForgetsAHalfMadeFile) {
    const ScratchDirectory directory;
    write_bytes(directory / "quell.db.new", "half");

    EXPECT_TRUE(Store::open({.path = directory / "quell.db"}).has_value());
    EXPECT_FALSE(fs::exists(directory / "quell.db.new"));
}

TEST(StoreFile, RefusesAnotherProgramsDatabase) {
    ScratchStore scratch;
    scratch.tamper("SELECT 1");
    scratch.close();
    must(must(Connection::open(scratch.path(), Connection::Mode::read_write))
             ->execute("PRAGMA application_id = 7; PRAGMA user_version = 0"));

    EXPECT_EQ(refusal(scratch.path())->code, Code::data_loss);
}

TEST(StoreFile, KeepsPathsOutOfTheMessage) {
    const ScratchDirectory directory;
    write_bytes(directory / "quell.db", "no database at all, but long enough for a header");

    const Error error = refusal(directory / "quell.db");

    EXPECT_THAT(error->message, testing::Not(testing::HasSubstr("quell-store-")));
}

TEST(PathOfUrl, TakesSqliteUrlsOnly) {
    EXPECT_EQ(must(path_of_url("sqlite:/var/lib/quell/quell.db")), "/var/lib/quell/quell.db");
    for (const char* url : {"", "sqlite:", "/var/lib/quell.db", "postgresql://host/quell"}) {
        EXPECT_FALSE(path_of_url(url).has_value()) << url;
    }
}

}  // namespace
}  // namespace quell::store
