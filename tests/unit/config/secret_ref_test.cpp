// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/secret_ref.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>

#include "config/settings_directory.hpp"

namespace quell::config {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

json::Value file_reference(const std::filesystem::path& path) {
    return {{"file", path.string()}};
}

class SecretFile : public ::testing::Test {
  protected:
    std::filesystem::path write(const std::string& text, mode_t mode) {
        directory_.write("secret", text);
        const auto path = directory_.path() / "secret";
        EXPECT_EQ(::chmod(path.c_str(), mode), 0);
        return path;
    }
    std::string refusal(const std::filesystem::path& path) {
        const auto secret = read_secret(file_reference(path));
        if (secret)
            return "read";
        EXPECT_EQ(secret.error()->key, "connector_misconfigured");
        EXPECT_THAT(secret.error()->message, Not(HasSubstr(directory_.path().string())));
        return secret.error()->message;
    }
    SettingsDirectory directory_;
};

TEST_F(SecretFile, IsReadWithoutItsLastLineFeed) {
    EXPECT_EQ(read_secret(file_reference(write("s3cret\n", 0600))).value().reveal(), "s3cret");
    EXPECT_EQ(read_secret(file_reference(write("a\nb\n\n", 0400))).value().reveal(), "a\nb\n");
}

// OP-06
TEST_F(SecretFile, IsRefusedIfOthersMayOpenIt) {
    for (const mode_t mode : {0644U, 0640U, 0604U, 0620U, 0666U, 0610U})
        EXPECT_THAT(refusal(write("s", mode)), HasSubstr("open to others")) << std::oct << mode;
}

TEST_F(SecretFile, IsRefusedIfItBelongsToSomeoneElse) {
    const auto path = write("s", 0600);
    if (::chown(path.c_str(), 65534, 65534) != 0)
        GTEST_SKIP() << "needs root";
    EXPECT_THAT(refusal(path), HasSubstr("belongs to neither root"));
}

TEST_F(SecretFile, IsRefusedIfItIsNoPlainFile) {
    const auto link = directory_.path() / "link";
    std::filesystem::create_symlink(write("s", 0600), link);
    EXPECT_THAT(refusal(link), HasSubstr("symbolic link"));
    const auto pipe = directory_.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_THAT(refusal(pipe), HasSubstr("not a regular file"));
    EXPECT_THAT(refusal(directory_.path()), HasSubstr("not a regular file"));
    EXPECT_THAT(refusal(directory_.path() / "none"), HasSubstr("cannot be opened"));
}

// What Kubernetes projects: token -> ..data/token, ..data -> ..2026; all is swapped by renaming ..data.
TEST_F(SecretFile, IsReadWhereKubernetesProjectsIt) {
    const auto folder = directory_.path() / "projected";
    std::filesystem::create_directories(folder / "..2026");
    std::filesystem::rename(write("jwt", 0600), folder / "..2026/token");
    std::filesystem::create_directory_symlink("..2026", folder / "..data");
    std::filesystem::create_symlink("..data/token", folder / "token");
    std::filesystem::create_symlink("..data/other", folder / "alias");

    EXPECT_EQ(read_secret(file_reference(folder / "token")).value().reveal(), "jwt");
    EXPECT_THAT(refusal(folder / "alias"), HasSubstr("symbolic link"));
    ASSERT_EQ(::chmod((folder / "..2026/token").c_str(), 0644), 0);
    EXPECT_THAT(refusal(folder / "token"), HasSubstr("open to others"));
}

TEST_F(SecretFile, IsRefusedIfItIsEmptyOrHuge) {
    EXPECT_THAT(refusal(write("\n", 0600)), HasSubstr("empty"));
    EXPECT_THAT(refusal(write(std::string(70'000, 'x'), 0600)), HasSubstr("64 KiB"));
}

TEST(SecretReference, ReadsTheEnvironment) {
    ASSERT_EQ(::setenv("QUELL_TEST_SECRET", "s3cret", 1), 0);
    EXPECT_EQ(read_secret(json::Value{{"env", "QUELL_TEST_SECRET"}}).value().reveal(), "s3cret");
    ASSERT_EQ(::unsetenv("QUELL_TEST_SECRET"), 0);
    const auto missing = read_secret(json::Value{{"env", "QUELL_TEST_SECRET"}});
    EXPECT_THAT(missing.error()->message, HasSubstr("not set"));
    EXPECT_THAT(missing.error()->detail, HasSubstr("QUELL_TEST_SECRET"));
}

TEST(SecretReference, OfABackendIsNotReadHere) {
    const json::Value reference{{"secret", "vault:kv/acme#field"}};
    EXPECT_TRUE(is_secret_reference(reference));
    EXPECT_THAT(read_secret(reference).error()->message, HasSubstr("a secret backend cannot be asked here"));
}

TEST(SecretReference, OfABackendHasAConnectorAPathAndAField) {
    const auto parsed = parse_backend_secret("vault-2:kv/a:b#c/d#client_secret");

    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->connector, "vault-2");
    EXPECT_EQ(parsed->path, "kv/a:b#c/d");
    EXPECT_EQ(parsed->field, "client_secret");
    for (const std::string text : {"", "vault", "vault:path", "vault#f", ":p#f", "vault:#f", "vault:p#", "Vault:p#f",
                                   "other/vault:p#f", "vault:p\n#f", "a#b:c"})
        EXPECT_FALSE(parse_backend_secret(text)) << text;
    EXPECT_FALSE(parse_backend_secret("vault:" + std::string(513, 'p') + "#f"));
}

TEST(SecretReference, HasOneOfThreeForms) {
    for (const json::Value& value :
         {json::Value("literal"), json::Value(nullptr), json::Value(json::Object()),
          json::Value{{"env", ""}}, json::Value{{"env", 5}}, json::Value{{"file", "relative/path"}},
          json::Value{{"other", "x"}}, json::Value{{"env", "A"}, {"file", "/x"}}})
        EXPECT_FALSE(is_secret_reference(value)) << value;
}

}  // namespace
}  // namespace quell::config
