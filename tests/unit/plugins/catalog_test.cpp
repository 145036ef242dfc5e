// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/catalog.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "crypto/digest.hpp"
#include "plugins/elf.hpp"
#include "plugins/file_fixture.hpp"

namespace quell::plugins::test {
namespace {

using testing::HasSubstr;

class Catalog : public FileTest {
  protected:
    std::string refusal(const std::string& library, const std::string& pin = "0") {
        const auto file = open_pinned(directory_, library, pin);
        return file ? "" : file.error()->message;
    }
    std::string good_ = plugin_bytes("memory.so");
    std::string pin_ = crypto::sha256_hex(good_);
};

TEST_F(Catalog, ReadsTheManifestAndTheDigest) {
    put("memory.so", good_);

    const auto file = open_pinned(directory_, "memory.so", pin_);

    ASSERT_TRUE(file) << file.error()->message;
    EXPECT_EQ(file->sha256, pin_);
    EXPECT_THAT(file->manifest, testing::StartsWith(R"({"id":"memory")"));
    EXPECT_EQ(file->manifest.back(), '}');
}

TEST_F(Catalog, SealsTheBytesThatItHashed) {
    put("memory.so", good_);
    const auto file = open_pinned(directory_, "memory.so", pin_);
    ASSERT_TRUE(file);

    put("memory.so", "something else");

    EXPECT_EQ(read("/proc/self/fd/" + std::to_string(file->memory.get())), good_);
    EXPECT_EQ(::pwrite(file->memory.get(), "x", 1, 0), -1);
    EXPECT_EQ(::ftruncate(file->memory.get(), 0), -1);
    EXPECT_EQ(::fcntl(file->memory.get(), F_ADD_SEALS, F_SEAL_WRITE), -1);
}

// PL-09
TEST_F(Catalog, RefusesAnotherDigestThanThePin) {
    put("memory.so", good_);
    EXPECT_THAT(refusal("memory.so", std::string(64, 'a')), HasSubstr("is not the pinned one"));
    EXPECT_THAT(refusal("memory.so", ""), HasSubstr("quell plugin pin"));
}

// PL-09
TEST_F(Catalog, RefusesFilesAndDirectoriesThatOthersMayWrite) {
    const auto path = put("memory.so", good_);
    for (const mode_t mode : {0664U, 0646U}) {
        ::chmod(path.c_str(), mode);
        EXPECT_THAT(refusal("memory.so", pin_), HasSubstr("the file may be written by others"));
    }
    ::chmod(path.c_str(), 0644);
    for (const mode_t mode : {0770U, 0707U}) {
        ::chmod(directory_.c_str(), mode);
        EXPECT_THAT(refusal("memory.so", pin_), HasSubstr("the plugin directory may be written by others"));
    }
    ::chmod(directory_.c_str(), 0700);
    EXPECT_EQ(refusal("memory.so", pin_), "");
}

TEST_F(Catalog, RefusesWhatIsNotAFileOfTheDirectory) {
    put("memory.so", good_);
    std::filesystem::create_symlink(directory_ / "memory.so", directory_ / "link.so");
    ::mkfifo((directory_ / "pipe.so").c_str(), 0600);
    std::filesystem::create_directory(directory_ / "folder.so");

    EXPECT_THAT(refusal("link.so"), HasSubstr("symbolic link"));
    EXPECT_THAT(refusal("pipe.so"), HasSubstr("not a regular file"));
    EXPECT_THAT(refusal("folder.so"), HasSubstr("not a regular file"));
    EXPECT_THAT(refusal("../" + directory_.filename().string() + "/memory.so"), HasSubstr("without a path"));
    EXPECT_THAT(refusal((directory_ / "memory.so").string()), HasSubstr("without a path"));
    EXPECT_THAT(refusal(".."), HasSubstr("without a path"));
    EXPECT_THAT(refusal("absent.so"), HasSubstr("cannot be opened"));
}

// PL-06
TEST_F(Catalog, RefusesWhatIsNotAPlugin) {
    put("text.so", "#!/bin/sh\necho a plugin, honest\n");
    put("empty.so", "");
    put("short.so", good_.substr(0, good_.size() / 2));
    put("head.so", good_.substr(0, 70));
    put("program.so", read("/proc/self/exe"));

    EXPECT_THAT(refusal("text.so"), HasSubstr("no ELF header"));
    EXPECT_THAT(refusal("empty.so"), HasSubstr("no ELF header"));
    EXPECT_THAT(refusal("short.so"), HasSubstr("truncated"));
    EXPECT_THAT(refusal("head.so"), HasSubstr("truncated"));
    EXPECT_THAT(refusal("program.so"), testing::AnyOf(HasSubstr("not a Quell plugin"), HasSubstr("64 MiB")));
}

// Every byte of the header and the section table may be anything; the sanitizer builds see what this reads.
TEST_F(Catalog, NeverReadsBeyondADamagedFile) {
    const std::size_t table = good_.size() > 1024 ? good_.size() - 1024 : 0;
    for (std::size_t place = 0; place < good_.size(); place = place == 63 ? table : place + 1) {
        for (const char value : {'\0', '\x7f', '\xff'}) {
            std::string damaged = good_;
            damaged[place] = value;
            const auto section = find_section(damaged, ".quell.manifest");
            if (section) {
                EXPECT_GE(section->data(), damaged.data());
                EXPECT_LE(section->data() + section->size(), damaged.data() + damaged.size());
            }
        }
    }
}

TEST_F(Catalog, InspectsAFileAnywhere) {
    const auto path = put("memory.so", good_);
    ::chmod(path.c_str(), 0666);

    const auto file = inspect_plugin(path);

    ASSERT_TRUE(file);
    EXPECT_EQ(file->sha256, pin_);
}

}  // namespace
}  // namespace quell::plugins::test
