// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/unix_path.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace quell::http {
namespace {

Error refusal(const std::string& why) {
    return Error(Code::failed_precondition, "cannot_listen", "The admin socket cannot be made: " + why + ".")
        .next_step("Correct [admin] socket, or what is at that path.");
}

std::optional<struct stat> look_at(const std::string& path) {
    struct stat found{};
    return ::lstat(path.c_str(), &found) == 0 ? std::optional(found) : std::nullopt;
}

// A socket whose process has ended refuses to be connected to. Anything else may be somebody's.
bool is_left_behind(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int outcome = ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const bool refused = outcome != 0 && errno == ECONNREFUSED;
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    return refused;
}

}  // namespace

Result<void> check_unix_path(const std::string& path) {
    if (path.size() >= sizeof(sockaddr_un::sun_path)) {
        return refusal("its path is longer than 107 bytes");
    }
    std::error_code ignored;
    if (!std::filesystem::is_directory(std::filesystem::path(path).parent_path(), ignored)) {
        return refusal("its folder does not exist");
    }
    const auto found = look_at(path);
    if (!found) {
        return {};
    }
    if (!S_ISSOCK(found->st_mode)) {
        return refusal("at its path is something that is no socket");
    }
    return is_left_behind(path) ? Result<void>() : refusal("somebody listens on it already, perhaps another host");
}

UnixSocketFile::UnixSocketFile(std::string path) : path_(std::move(path)), made_(look_at(path_)) {}

UnixSocketFile::~UnixSocketFile() {
    const auto now = look_at(path_);
    if (made_ && now && now->st_dev == made_->st_dev && now->st_ino == made_->st_ino) {
        ::unlink(path_.c_str());
    }
}

}  // namespace quell::http
