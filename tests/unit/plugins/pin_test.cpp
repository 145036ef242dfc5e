// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/pin.hpp"

#include <sys/stat.h>

#include "plugins/file_fixture.hpp"

namespace quell::plugins::test {
namespace {

const std::string kOld(64, 'a');
const std::string kNew(64, 'b');

std::string pinned(const std::string& toml) {
    const auto text = with_pin(toml, PluginId("jamf"), kNew);
    return text ? *text : "refused: " + text.error()->message;
}

TEST(Pin, ReplacesTheOldDigestAndKeepsComments) {
    EXPECT_EQ(pinned("# top\n[plugins.jamf]\nlibrary = \"jamf.so\"\n  sha256   = \"" + kOld +
                     "\"  # reviewed\n[plugins.okta]\nsha256 = \"x\"\n"),
              "# top\n[plugins.jamf]\nlibrary = \"jamf.so\"\n  sha256   = \"" + kNew +
                  "\"  # reviewed\n[plugins.okta]\nsha256 = \"x\"\n");
}

TEST(Pin, IsAddedAfterTheLibrary) {
    EXPECT_EQ(pinned("[plugins.jamf] # mdm\nlibrary = \"jamf.so\"\nisolation = \"process\"\n"),
              "[plugins.jamf] # mdm\nlibrary = \"jamf.so\"\nsha256 = \"" + kNew + "\"\nisolation = \"process\"\n");
    EXPECT_EQ(pinned("[plugins.jamf]"), "[plugins.jamf]\nsha256 = \"" + kNew + "\"\n");
}

TEST(Pin, FindsTheTableHoweverItIsWritten) {
    for (const char* header : {"[plugins.jamf]", "[ plugins . jamf ]", "[plugins.\"jamf\"]", "  ['plugins'.jamf]"}) {
        EXPECT_THAT(pinned(std::string(header) + "\n"), testing::HasSubstr(kNew)) << header;
    }
}

TEST(Pin, RefusesAFileWithoutTheTable) {
    EXPECT_THAT(pinned("[plugins.jamf2]\n[other]\n"), testing::StartsWith("refused: there is no table [plugins.jamf]"));
}

class PinFile : public FileTest {};

TEST_F(PinFile, IsReplacedInPlaceWithItsMode) {
    const auto path = put("quell.toml",
                          "[server]\nlisten = \"127.0.0.1:8080\"\npublic_url = \"http://127.0.0.1:8080\"\n"
                          "[plugin_trust]\ndirectory = \"plugins\"\n[plugins.jamf]\nlibrary = \"jamf.so\"\n");
    ::chmod(path.c_str(), 0640);

    const auto written = write_pin(path, PluginId("jamf"), kNew);

    ASSERT_TRUE(written) << written.error()->message;
    EXPECT_THAT(read(path), testing::EndsWith("library = \"jamf.so\"\nsha256 = \"" + kNew + "\"\n"));
    struct stat status{};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0640U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_), {}), 1);
}

TEST_F(PinFile, StaysAsItWasWhenTheEditDoesNotReadBack) {
    const std::string text = "x = '''\n[plugins.jamf]\nlibrary = \"jamf.so\"\n'''\n";
    const auto path = put("quell.toml", text);

    EXPECT_FALSE(write_pin(path, PluginId("jamf"), kNew));

    EXPECT_EQ(read(path), text);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_), {}), 1);
}

}  // namespace
}  // namespace quell::plugins::test
