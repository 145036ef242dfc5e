// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "http/server.hpp"

namespace quell::http {
namespace {

namespace fs = std::filesystem;

class UnixSocketTest : public ::testing::Test {
  protected:
    UnixSocketTest() {
        std::string pattern = (fs::temp_directory_path() / "quell-http-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        path_ = folder_ / "admin.sock";
    }
    ~UnixSocketTest() override { fs::remove_all(folder_); }

    Result<std::unique_ptr<Server>> listen() {
        return Server::listen({.unix_path = path_.string()}, router_, {&context_});
    }
    // What a killed host leaves: a socket on which nobody listens.
    void leave_behind() const {
        const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strcpy(address.sun_path, path_.c_str());
        ASSERT_EQ(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        ::close(descriptor);
    }

    boost::asio::io_context context_;
    Router router_;
    fs::path folder_;
    fs::path path_;
};

TEST_F(UnixSocketTest, IsForItsOwnerOnlyAndGoesWithItsServer) {
    {
        const auto server = listen();
        ASSERT_TRUE(server);
        struct stat found{};
        ASSERT_EQ(::lstat(path_.c_str(), &found), 0);
        EXPECT_EQ(found.st_mode, S_IFSOCK | 0600U);
    }
    EXPECT_FALSE(fs::exists(path_));
}

TEST_F(UnixSocketTest, TakesThePlaceOfOneLeftBehind) {
    leave_behind();

    EXPECT_TRUE(listen());
}

TEST_F(UnixSocketTest, NeverReplacesAFile) {
    std::ofstream(path_) << "precious";

    const auto server = listen();

    ASSERT_FALSE(server);
    EXPECT_NE(server.error()->message.find("no socket"), std::string::npos);
    EXPECT_EQ(fs::file_size(path_), 8U);
}

TEST_F(UnixSocketTest, LeavesTheSocketOfARunningHostAlone) {
    const auto first = listen();
    ASSERT_TRUE(first);

    EXPECT_FALSE(listen());
    EXPECT_FALSE(Server::check_address({.unix_path = path_.string()}));
    EXPECT_TRUE(fs::exists(path_));
}

TEST_F(UnixSocketTest, RemovesNoSocketButItsOwn) {
    auto server = listen();
    ASSERT_TRUE(server);
    fs::remove(path_);
    leave_behind();

    server->reset();

    EXPECT_TRUE(fs::exists(path_));
}

TEST_F(UnixSocketTest, NamesAMissingFolder) {
    const auto checked = Server::check_address({.unix_path = (folder_ / "absent/admin.sock").string()});

    ASSERT_FALSE(checked);
    EXPECT_NE(checked.error()->message.find("folder"), std::string::npos);
}

}  // namespace
}  // namespace quell::http
